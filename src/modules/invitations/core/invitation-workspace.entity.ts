import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/**
 * One workspace of an invitation with the role there (docs/contract/invitations.md#one-invitation-per-address). No
 * foreign key ties the workspace to the organization of the invitation: every batch would have to write one more index.
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
