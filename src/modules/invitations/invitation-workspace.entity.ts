import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** One workspace of an invitation and the role there; each workspace keeps its own (contract decision 45). */
@Entity('invitation_workspaces')
@Index('invitation_workspaces_by_workspace', ['workspaceId', 'invitationId'])
@ForeignKey('Invitation', ['invitationId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
@ForeignKey('Workspace', ['workspaceId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
export class InvitationWorkspace {
  @PrimaryColumn('uuid') invitationId: string;
  @PrimaryColumn('uuid') workspaceId: string;
  @Column('uuid') orgId: string;
  @Index() @ForeignKey('Role', { onDelete: 'RESTRICT' }) @Column('uuid') roleId: string;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}
