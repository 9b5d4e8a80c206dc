import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** A named principal that is not a user: it takes no seat and is in no list of members. */
@Entity('service_accounts')
@Unique('service_accounts_name_is_unique_in_org', ['orgId', 'name'])
@Unique('service_accounts_id_org_id_key', ['id', 'orgId'])
export class ServiceAccount {
  @PrimaryColumn('uuid') id: string;
  @ForeignKey('Org', { onDelete: 'CASCADE' }) @Column('uuid') orgId: string;
  @Column('text') name: string;
  /** `organization_identity_id` in the API. */
  @Column('uuid') identityId: string;
  /** The first workspace at creation; null without one, and after that workspace is deleted. */
  @Index()
  @ForeignKey('Workspace', { onDelete: 'SET NULL' })
  @Column('uuid', { nullable: true })
  defaultWorkspaceId: string | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}

/** The role of a service account in a workspace. */
@Entity('service_account_workspaces')
@Index('service_account_workspaces_by_workspace', ['workspaceId', 'orgId'])
@ForeignKey('ServiceAccount', ['serviceAccountId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
@ForeignKey('Workspace', ['workspaceId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
export class ServiceAccountWorkspace {
  @PrimaryColumn('uuid') serviceAccountId: string;
  @PrimaryColumn('uuid') workspaceId: string;
  @Column('uuid') orgId: string;
  @Index() @ForeignKey('Role', { onDelete: 'RESTRICT' }) @Column('uuid') roleId: string;
}
