import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

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
