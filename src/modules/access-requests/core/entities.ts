import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

export type AccessRequestState = 'pending' | 'approved' | 'declined' | 'withdrawn' | 'expired';

/** What a member has asked for. Only its state, and what was decided, are written after it was made. */
@Entity('access_requests')
@Index('access_requests_one_open_per_workspace', ['requesterId', 'workspaceId'], {
  unique: true,
  where: `"state" = 'pending'`,
})
@Index('access_requests_one_open_per_group', ['requesterId', 'userGroupId'], {
  unique: true,
  where: `"state" = 'pending'`,
})
@Index('access_requests_by_org', ['orgId', 'id'])
@Index('access_requests_by_requester', ['orgId', 'requesterId', 'id'])
@Index('access_requests_by_workspace', ['workspaceId', 'orgId'])
@Index('access_requests_by_group', ['userGroupId', 'orgId'])
@Index('access_requests_by_role', ['roleId'])
@Index('access_requests_by_end', ['expiresAt'])
@ForeignKey('OrgMembership', ['orgId', 'requesterId'], ['orgId', 'userId'], { onDelete: 'CASCADE' })
@ForeignKey('Workspace', ['workspaceId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
@ForeignKey('UserGroup', ['userGroupId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
@Check('access_requests_have_one_target', `("workspace_id" IS NULL) <> ("user_group_id" IS NULL)`)
@Check('access_requests_name_a_role', `("workspace_id" IS NULL) = ("role_id" IS NULL)`)
@Check('access_requests_from_role_is_in_workspace', `"from_role_id" IS NULL OR "role_id" IS NOT NULL`)
@Check(
  'access_requests_state_is_known',
  `"state" IN ('pending', 'approved', 'declined', 'withdrawn', 'expired')`,
)
@Check(
  'access_requests_decided_is_complete',
  `("state" IN ('approved', 'declined', 'withdrawn')) = ("decided_at" IS NOT NULL)`,
)
@Check('access_requests_reason_is_short', `char_length("reason") <= 500`)
@Check('access_requests_duration_is_positive', `"duration_seconds" > 0`)
export class AccessRequest {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') orgId: string;
  @Column('uuid') requesterId: string;
  /** Null for a user group. */
  @Column('uuid', { nullable: true }) workspaceId: string | null;
  @ForeignKey('Role', { onDelete: 'CASCADE' }) @Column('uuid', { nullable: true }) roleId: string | null;
  /** That the requester had in the workspace; null if they were no member of it. */
  @Column('uuid', { nullable: true }) fromRoleId: string | null;
  @Column('uuid', { nullable: true }) userGroupId: string | null;
  @Column('text') reason: string;
  /** From the approval on; null: permanently. */
  @Column('integer', { nullable: true }) durationSeconds: number | null;
  /** As it was written: a request that is pending after `expiresAt` counts as expired. */
  @Column('text', { default: 'pending' }) state: AccessRequestState;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz') expiresAt: Date;
  /** When it was approved, declined or withdrawn. */
  @Column('timestamptz', { nullable: true }) decidedAt: Date | null;
  @Column('uuid', { nullable: true }) decidedByUserId: string | null;
  @Column('uuid', { nullable: true }) decidedRoleId: string | null;
  @Column('timestamptz', { nullable: true }) accessExpiresAt: Date | null;
  @Column('text', { nullable: true }) declineReason: string | null;
}
