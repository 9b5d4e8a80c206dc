import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/**
 * One workspace of an invitation and the role there; each workspace keeps its own (contract decision 45). That it is of
 * the invitation's organization is not asked of the database, unlike with keys: every batch would write an index more.
 */
@Entity('invitation_workspaces')
@Index('invitation_workspaces_by_workspace', ['workspaceId', 'invitationId'])
@ForeignKey('Workspace', ['workspaceId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
export class InvitationWorkspace {
  @PrimaryColumn('uuid') @ForeignKey('Invitation', { onDelete: 'CASCADE' }) invitationId: string;
  @PrimaryColumn('uuid') workspaceId: string;
  @Column('uuid') orgId: string;
  @Index() @ForeignKey('Role', { onDelete: 'RESTRICT' }) @Column('uuid') roleId: string;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}
