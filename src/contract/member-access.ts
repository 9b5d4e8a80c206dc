import {
  Flag,
  Instant,
  ListOf,
  Nested,
  OneOf,
  Text,
  TextList,
  Uuid,
} from '../common/http/fields.decorator.js';

const MEMBERSHIP_SOURCES = ['manual', 'invitation', 'jit', 'sso_group', 'scim', 'bootstrap'] as const;
export type MembershipSource = (typeof MEMBERSHIP_SOURCES)[number];

const USER_GROUP_MEMBER_SOURCES = ['manual', 'scim', 'sso_group'] as const;
export type UserGroupMemberSource = (typeof USER_GROUP_MEMBER_SOURCES)[number];

const WORKSPACE_ACCESS_REASONS = ['membership', 'organization_admin'] as const;
export type WorkspaceAccessReason = (typeof WORKSPACE_ACCESS_REASONS)[number];

/*
 * Not part of the published API: what a user may do, and why (docs/contract/members.md#provenance). Actors are null
 * where no user caused the membership (single sign-on) or where it is older than the record of who did.
 */

const ENTRY = 'The entry of the audit log, which retention may have removed.';

export class AccessActor {
  @Uuid({ nullable: true }) user_id: string | null;
  @Text({ nullable: true }) email: string | null;
  @Uuid({ nullable: true, description: 'The API key or token that was used, if one was.' })
  credential_id: string | null;
}

export class AccessChange {
  @Instant() at: string;
  @Nested(() => AccessActor) by: AccessActor;
  @Uuid({ description: ENTRY }) audit_log_id: string;
}

export class HeldMembership {
  @Uuid() identity_id: string;
  @Uuid() role_id: string;
  @Text() role_name: string;
  @OneOf(MEMBERSHIP_SOURCES, 'MembershipSource') source: MembershipSource;
  @Instant() created_at: string;
  @Nested(() => AccessActor, {
    nullable: true,
    description: 'Who added or invited the user; null if a rule did.',
  })
  by: AccessActor | null;
  @Uuid({ nullable: true }) invitation_id: string | null;
  @Instant({ nullable: true }) invited_at: string | null;
  @Uuid({ nullable: true, description: ENTRY }) audit_log_id: string | null;
  @Nested(() => AccessChange, {
    nullable: true,
    description: 'The latest manual change of the role, if there was one.',
  })
  role_changed: AccessChange | null;
}

export class GroupAccess {
  @Uuid() user_group_id: string;
  @Text() user_group_name: string;
  @Uuid() role_id: string;
  @Text() role_name: string;
  @OneOf(USER_GROUP_MEMBER_SOURCES, 'UserGroupMemberSource') source: UserGroupMemberSource;
  @Instant() added_at: string;
}

export class WorkspaceAccess {
  @Uuid() workspace_id: string;
  @Text() workspace_name: string;
  @Uuid({ description: 'The own role, or that of an organization admin.' }) role_id: string;
  @Text() role_name: string;
  @OneOf(WORKSPACE_ACCESS_REASONS, 'WorkspaceAccessReason', {
    description: 'What grants the role: an organization admin is Admin in every workspace.',
  })
  reason: WorkspaceAccessReason;
  @TextList({ description: 'Of the role and of the user groups; none while the user is disabled.' })
  permissions: string[];
  @Nested(() => HeldMembership, { nullable: true }) membership: HeldMembership | null;
  @ListOf(() => GroupAccess, { description: 'The user groups that give a role in this workspace, by name.' })
  user_groups: GroupAccess[];
}

export class MemberAccess {
  @Uuid() identity_id: string;
  @Uuid() user_id: string;
  @Text() email: string;
  @Text({ nullable: true }) full_name: string | null;
  @Flag() is_disabled: boolean;
  @TextList({ description: 'In the organization; none while the user is disabled.' }) permissions: string[];
  @Nested(() => HeldMembership) membership: HeldMembership;
  @ListOf(() => WorkspaceAccess, { description: 'Oldest first.' }) workspaces: WorkspaceAccess[];
}
