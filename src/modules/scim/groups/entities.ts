import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { MemberRoleName } from '../../roles/index.js';

/** The kind of grant, or the reason why there is none. */
export type GroupKind = 'admin' | 'workspace' | 'malformed' | 'unknown' | 'unconfirmed' | 'ambiguous';

/**
 * The name is resolved to ids once, so renaming the workspace or the role changes nothing; after its workspace is deleted, the
 * group grants nothing. Names are indexed by a lower-case expression, which TypeORM cannot declare.
 */
@Entity('scim_groups')
@Unique('scim_groups_one_per_external_id', ['orgId', 'externalId'])
@Unique('scim_groups_id_org_id_key', ['id', 'orgId'])
@Index('scim_groups_one_per_name', { synchronize: false })
@Index('scim_groups_by_age', ['orgId', 'createdAt', 'id'])
@Check(
  'scim_groups_kind_is_known',
  `"kind" IN ('admin', 'workspace', 'malformed', 'unknown', 'ambiguous', 'unconfirmed')`,
)
@Check('scim_groups_of_workspaces_name_a_role', `("kind" = 'workspace') = ("role_id" IS NOT NULL)`)
@Check('scim_groups_of_workspaces_name_an_org_role', `("kind" = 'workspace') = ("org_role" IS NOT NULL)`)
@Check(
  'scim_groups_org_role_is_known',
  `"org_role" IN ('ORGANIZATION_OPERATOR', 'ORGANIZATION_USER', 'ORGANIZATION_VIEWER')`,
)
export class ScimGroup {
  @PrimaryColumn('uuid') id: string;
  @ForeignKey('Org', { onDelete: 'CASCADE' }) @Column('uuid') orgId: string;
  @Column('text') displayName: string;
  @Column('text', { nullable: true }) externalId: string | null;
  @Column('text') kind: GroupKind;
  /** Of a workspace group: the organization role that it grants beside the workspace role. */
  @Column('text', { nullable: true }) orgRole: MemberRoleName | null;
  @Index()
  @ForeignKey('Workspace', { onDelete: 'SET NULL' })
  @Column('uuid', { nullable: true })
  workspaceId: string | null;
  @Index() @ForeignKey('Role', { onDelete: 'RESTRICT' }) @Column('uuid', { nullable: true }) roleId:
    string | null;
  /** False if a token that may not manage Organization Admins has written the group: a later name grants nothing then. */
  @Column('boolean', { default: true }) makesAdmins: boolean;
  @Column('integer', { default: 1 }) version: number;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' }) updatedAt: Date;
}

/** A user in a group; foreign keys ensure that both belong to one organization. */
@Entity('scim_group_members')
@Check('scim_group_members_created_via_is_known', `"created_via" IN ('scim_group', 'unknown')`)
@Index('scim_group_members_by_user', ['scimUserId', 'orgId'])
@ForeignKey('ScimGroup', ['groupId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
@ForeignKey('ScimUser', ['scimUserId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
export class ScimGroupMember {
  @PrimaryColumn('uuid') groupId: string;
  @PrimaryColumn('uuid') scimUserId: string;
  @Column('uuid') orgId: string;
  /** Only requests of SCIM tokens add users to groups; unknown for rows that are older than this column. */
  @Column('text', { default: 'unknown' }) createdVia: 'scim_group' | 'unknown';
  /** The SCIM token. No foreign key, nor the audit entry: both ids outlive what they name (docs/decisions/0055). */
  @Column('uuid', { nullable: true }) createdByKeyId: string | null;
  @Column('uuid', { nullable: true }) createdAuditEntryId: string | null;
}
