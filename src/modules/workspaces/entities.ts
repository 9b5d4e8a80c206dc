import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** A workspace; its memberships, grants of invitations and key scopes are deleted with it by cascade. */
@Entity('workspaces')
@Unique('workspaces_id_org_id_key', ['id', 'orgId'])
@Unique('workspaces_tenant_handle_key', ['tenantHandle'])
@Index('workspaces_by_age', ['orgId', 'createdAt', 'id'])
export class Workspace {
  @PrimaryColumn('uuid') id: string;
  @ForeignKey('Org', { onDelete: 'CASCADE' }) @Column('uuid') orgId: string;
  @Column('text') displayName: string;
  @Column('text', { nullable: true }) tenantHandle: string | null;
  /** Whether group names may refer to the workspace by its name (docs/contract/scim.md#group-names). */
  @Column('boolean', { default: true }) nameCountsInGroups: boolean;
  /** Whether an Organization Admin set the name, so that group names with it may make operators. */
  @Column('boolean', { default: true }) nameSetByAdmin: boolean;
  /** Whether members of the organization may ask for a role in it (docs/contract/access-requests.md#targets). */
  @Column('boolean', { default: false }) requestable: boolean;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}

/** Columns that decide what group names refer to; no response shows them. */
export const HIDDEN = ['nameCountsInGroups', 'nameSetByAdmin'] as const;
export type ShownWorkspace = Omit<Workspace, (typeof HIDDEN)[number]>;

/** What an update may change besides the name. Absent: unchanged. */
export type WorkspaceSettings = Partial<Pick<Workspace, 'requestable'>>;

/** A tombstone of a deleted workspace, for lists that include deleted ones. */
@Entity('deleted_workspaces')
@Index('deleted_workspaces_by_age', ['deletedAt'])
export class DeletedWorkspace {
  @PrimaryColumn('uuid') id: string;
  @Index() @ForeignKey('Org', { onDelete: 'CASCADE' }) @Column('uuid') orgId: string;
  @Column('text') displayName: string;
  @Column('text', { nullable: true }) tenantHandle: string | null;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { default: () => 'now()' }) deletedAt: Date;
}
