import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/**
 * A workspace that users get on their first single sign-on. It is deleted with the workspace; the trigger
 * `one_default_remains` prevents that for the last one of its settings.
 */
@Entity('sso_default_workspaces')
@Index('sso_default_workspaces_by_workspace', ['workspaceId', 'orgId'])
@ForeignKey('SsoSettings', ['settingsId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
@ForeignKey('Workspace', ['workspaceId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
export class SsoDefaultWorkspace {
  @PrimaryColumn('uuid') settingsId: string;
  @PrimaryColumn('uuid') workspaceId: string;
  @Column('uuid') orgId: string;
}
