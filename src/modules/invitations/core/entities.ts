import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** An offer to join an organization, addressed to an e-mail; its workspaces are `invitation_workspaces`. */
@Entity('invitations')
@Index('invitations_one_pending_per_email', ['email', 'orgId'], {
  unique: true,
  where: `"status" = 'pending'`,
})
@Index('invitations_by_age', ['orgId', 'status', 'createdAt', 'id'])
@Index('invitations_by_role', ['orgRoleId', 'orgId', 'status', 'id'])
@Index('invitations_pending_by_name', ['orgId', 'fullName', 'id'], { where: `"status" = 'pending'` })
@Index('invitations_pending_by_email', { synchronize: false })
@Index('invitations_by_expiry', ['takesSeat', 'expiresAt'], { where: `"status" = 'pending'` })
@Index('invitations_ended_without_member', ['endedAt'], { where: `"status" IN ('declined', 'revoked')` })
@Check('invitations_email_is_canonical', `"email" = lower(btrim("email")) AND "email" <> ''`)
@Check('invitations_status_is_known', `"status" IN ('pending', 'accepted', 'declined', 'revoked')`)
@Check('invitations_end_when_they_wait_no_more', `("status" = 'pending') = ("ended_at" IS NULL)`)
export class Invitation {
  @PrimaryColumn('uuid') id: string;
  @ForeignKey('Org', { onDelete: 'CASCADE' }) @Column('uuid') orgId: string;
  @Column('text') email: string;
  @Column('text', { nullable: true }) fullName: string | null;
  @ForeignKey('Role', { onDelete: 'RESTRICT' }) @Column('uuid') orgRoleId: string;
  @Column('text', { default: 'pending' }) status: InvitationStatus;
  /** It ends with its last workspace (docs/contract/invitations.md#revoking-the-workspace-part). */
  @Column('boolean') fromWorkspace: boolean;
  @Column('uuid', { nullable: true }) invitedByUserId: string | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  /** Null: never. Compared with the clock at each use (docs/contract/invitations.md#expiry). */
  @Column('timestamptz', { nullable: true }) expiresAt: Date | null;
  @Column('timestamptz', { nullable: true }) endedAt: Date | null;
  /** False for an expired invitation that was counted out of the seats; of no meaning once it has ended. */
  @Column('boolean', { default: true }) takesSeat: boolean;
  /** The end of the membership that it offers; null: permanent. */
  @Column('timestamptz', { nullable: true }) accessExpiresAt: Date | null;
}

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
  /** The end of the membership that it offers; null: permanent. */
  @Column('timestamptz', { nullable: true }) accessExpiresAt: Date | null;
}

export type InvitationStatus = 'pending' | 'accepted' | 'declined' | 'revoked';
