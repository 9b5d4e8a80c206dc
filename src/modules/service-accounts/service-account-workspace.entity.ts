import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

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
