import {
  Flag,
  Instant,
  Integer,
  ListOf,
  Nested,
  OneOf,
  Text,
  TextList,
  Uuid,
  UuidList,
  WireName,
} from '../common/http/operations/fields.decorator.js';
import { INVITATION_MAILS, type InvitationMail, MEMBERSHIP_SOURCES, type MembershipSource } from './enums.js';

/** The maximum number of patterns in a filter; the published lists have no limit. */
const MOST_PATTERNS = 100;

export class EnrichedMembersQuery {
  @Integer({ optional: true, description: 'From 1 to 500; 50 if absent.' }) limit?: number;
  @Integer({ optional: true, description: 'From 0; 0 if absent.' }) offset?: number;
  @Flag({ optional: true }) active_is?: boolean;
  @Flag({ optional: true }) pending_is?: boolean;
  @TextList({ optional: true, maxSize: MOST_PATTERNS }) name_like?: string[];
  @TextList({ optional: true, maxSize: MOST_PATTERNS }) email_like?: string[];
  @TextList({ optional: true, maxSize: MOST_PATTERNS }) workspace_name_like?: string[];
  @TextList({ optional: true, maxSize: MOST_PATTERNS }) organization_role_like?: string[];
  @TextList({ optional: true, maxSize: MOST_PATTERNS }) workspace_role_like?: string[];
  /** Not in the published API (docs/contract/members.md#finding-people-by-id). */
  @UuidList({
    optional: true,
    maxSize: MOST_PATTERNS,
    description:
      'Members and pending members with one of these ids: of the user, of the identity in the organization or a workspace, of the invitation, also if it was accepted, or of the SCIM user.',
  })
  id_in?: string[];
  /** From here on, not in the published API (docs/contract/members.md#access-that-ends). */
  @Flag({ optional: true, description: 'Whether the membership in the organization has an end.' })
  has_access_end?: boolean;
  @Instant({ optional: true, description: 'Only memberships in the organization that end before this time.' })
  access_expires_before?: string;
  @Flag({
    optional: true,
    description: 'Also members whose membership has ended and has not been removed yet.',
  })
  include_expired?: boolean;
}

@WireName('orgs.LinkedLoginMethod')
class LinkedLoginMethod {
  @Text({ optional: true }) provider?: string;
  @Text({ optional: true }) provisioning?: string;
}

@WireName('orgs.SCIMGroup')
class ScimGroupOfMember {
  @Text({ optional: true }) created_at?: string;
  @Text({ optional: true }) name?: string;
}

@WireName('orgs.WorkspaceMembership')
class WorkspaceOfMember {
  @Text({ optional: true }) role_id?: string;
  @Text({ optional: true }) role_name?: string;
  @Text({ optional: true }) workspace_id?: string;
  @Text({ optional: true }) workspace_name?: string;
  /** Not in the published schema (docs/contract/members.md#access-that-ends). */
  @Instant({ optional: true, description: 'When it ends, if it does.' }) access_expires_at?: string;
  @Uuid({ optional: true, description: 'The role from the end on, if there is one.' })
  reverts_to_role_id?: string;
}

/** No field is ever null: absent values are omitted. */
@WireName('orgs.OrgMemberEnriched')
export class OrgMemberEnriched {
  @Text({ optional: true }) avatar_url?: string;
  @Text({ optional: true }) created_at?: string;
  @Text({ optional: true }) display_name?: string;
  @Text({ optional: true }) email?: string;
  @Text({ optional: true }) id?: string;
  @Flag({ optional: true }) is_disabled?: boolean;
  @Flag({ optional: true }) is_pending?: boolean;
  /** Not in the published schema (docs/contract/members.md#last-activity). */
  @Instant({
    optional: true,
    description:
      'When the member was last active, to the minute. Callers without `organization:manage` see only their own.',
  })
  last_active_at?: string;
  /** Not in the published schema (docs/contract/invitations.md#mails). */
  @OneOf(INVITATION_MAILS, 'InvitationMail', {
    optional: true,
    description: 'Of a pending member; only for Organization Admins.',
  })
  mail?: InvitationMail;
  @Instant({ optional: true, description: 'When the mail server refused the mail, if `mail` is `refused`.' })
  mail_refused_at?: string;
  @Text({ optional: true, description: 'The code of that reply.' }) mail_refusal_code?: string;
  @Instant({
    optional: true,
    description:
      'When the valid password link of a pending member was made that an admin hands over; only for Organization Admins.',
  })
  link_made_at?: string;
  @ListOf(() => LinkedLoginMethod, { optional: true }) linked_login_methods?: LinkedLoginMethod[];
  @Text({ optional: true }) ls_user_id?: string;
  @Text({ optional: true }) role_id?: string;
  @Text({ optional: true }) role_name?: string;
  /** Not in the published schema (docs/contract/members.md#access-that-ends). */
  @Instant({ optional: true, description: 'When the membership in the organization ends, if it does.' })
  access_expires_at?: string;
  @Uuid({ optional: true, description: 'The role from the end on, if there is one.' })
  reverts_to_role_id?: string;
  @Flag({ optional: true, description: 'True with `include_expired` for a membership that has ended.' })
  access_has_ended?: boolean;
  @ListOf(() => ScimGroupOfMember, { optional: true }) scim_groups?: ScimGroupOfMember[];
  @ListOf(() => WorkspaceOfMember, { optional: true }) workspace_memberships?: WorkspaceOfMember[];
  @UuidList({
    optional: true,
    description: 'In answers to `id_in`: which of those ids belong to the member.',
  })
  found_by?: string[];
}

const USER_GROUP_MEMBER_SOURCES = ['manual', 'scim', 'sso_group'] as const;
type UserGroupMemberSource = (typeof USER_GROUP_MEMBER_SOURCES)[number];

const WORKSPACE_ACCESS_REASONS = ['membership', 'organization_admin'] as const;
type WorkspaceAccessReason = (typeof WORKSPACE_ACCESS_REASONS)[number];

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
  @Instant({ nullable: true, description: 'When the membership ends, or its role; null: it is permanent.' })
  access_expires_at: string | null;
  @Nested(() => AccessActor, { nullable: true, description: 'Who set the end; without a user if a key did.' })
  access_expires_set_by: AccessActor | null;
  @Uuid({ nullable: true, description: 'The role from the end on; null: the membership ends.' })
  reverts_to_role_id: string | null;
  @Text({ nullable: true }) reverts_to_role_name: string | null;
}

export class GroupAccess {
  @Uuid() user_group_id: string;
  @Text() user_group_name: string;
  @Uuid() role_id: string;
  @Text() role_name: string;
  @OneOf(USER_GROUP_MEMBER_SOURCES, 'UserGroupMemberSource') source: UserGroupMemberSource;
  @Instant() added_at: string;
  @Instant({
    nullable: true,
    description: 'The earlier end of the membership in the group and of its role; null: permanent.',
  })
  access_expires_at: string | null;
}

export class PolicyAccess {
  @Uuid() access_policy_id: string;
  @Text() access_policy_name: string;
  @OneOf(['allow', 'deny'], 'AccessPolicyEffect') effect: 'allow' | 'deny';
  @Uuid({ nullable: true, description: 'The user group to which it is attached; null for a role.' })
  user_group_id: string | null;
}

export class GroupMembership {
  @Uuid() user_group_id: string;
  @Text() user_group_name: string;
  @OneOf(USER_GROUP_MEMBER_SOURCES, 'UserGroupMemberSource') source: UserGroupMemberSource;
  @Instant() added_at: string;
  @Instant({ nullable: true, description: 'When the membership in the group ends; null: it is permanent.' })
  access_expires_at: string | null;
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
  @ListOf(() => PolicyAccess, { description: 'The policies that apply in this workspace, by name.' })
  access_policies: PolicyAccess[];
}

export class MemberAccessQuery {
  @Integer({ optional: true, minimum: 1, maximum: 500, description: 'All workspaces if absent.' })
  limit?: number;
  @Integer({ default: 0, minimum: 0 }) offset: number;
}

export class MemberAccess {
  @Uuid() identity_id: string;
  @Uuid() user_id: string;
  @Text() email: string;
  @Text({ nullable: true }) full_name: string | null;
  @Flag() is_disabled: boolean;
  @TextList({ description: 'In the organization; none while the user is disabled.' }) permissions: string[];
  @Nested(() => HeldMembership) membership: HeldMembership;
  @ListOf(() => WorkspaceAccess, {
    description:
      'Oldest first. With `limit`, access that ends comes first, and what an organization admin has by the role alone last.',
  })
  workspaces: WorkspaceAccess[];
  @Integer({ description: 'The number of workspaces without `limit`.' }) workspace_count: number;
  @ListOf(() => GroupMembership, { description: 'All of their user groups, by name.' })
  user_groups: GroupMembership[];
  @UuidList({ description: 'All ids with which entries of the audit log name this member as their target.' })
  audit_target_ids: string[];
}
