import {
  Flag,
  Instant,
  ListOf,
  MAX_DESCRIPTION_LENGTH,
  MAX_NAME_LENGTH,
  NULLISH,
  OneOf,
  Text,
  Uuid,
  UuidList,
} from '../common/http/operations/fields.decorator.js';
import { CursorListQuery, PageOf } from './lists.js';
import { AccessEnd, MisnamedAccessEnd } from './members.js';

/*
 * Published by name only: these are the fields of the documentation pages, and of our own where they are silent
 * (docs/contract/user-groups.md).
 */

const NAME = { minLength: 1, maxLength: MAX_NAME_LENGTH, visible: true };
const CHILD_FIELD = 'Not accepted: workspace groups are made by grants.';

export class UserGroup {
  @Uuid() id: string;
  @Uuid() organization_id: string;
  @Text() name: string;
  @Text() description: string;
  @Flag() idp_sync_enabled: boolean;
  @Text({ optional: true }) idp_group_name?: string;
  @Flag({ optional: true, description: 'Members may ask to be in it. Absent: they may not.' })
  requestable?: boolean;
  @Uuid({ optional: true, description: 'Of a workspace group.' }) parent_user_group_id?: string;
  @Uuid({ optional: true, description: 'Of a workspace group.' }) workspace_id?: string;
  @Uuid({ optional: true, description: 'In lists of one workspace: the role there.' }) role_id?: string;
  @Text({ optional: true }) role_name?: string;
  @Instant({ optional: true, description: 'Of a role that has an end.' }) access_expires_at?: string;
  @Instant() created_at: string;
  @Instant() updated_at: string;
}

export class UserGroupCreate {
  @Text(NAME) name: string;
  @Text({ ...NULLISH, maxLength: MAX_DESCRIPTION_LENGTH }) description?: string | null;
  @Uuid({ optional: true, description: CHILD_FIELD }) parent_user_group_id?: string;
  @Uuid({ optional: true, description: CHILD_FIELD }) workspace_id?: string;
}

export class UserGroupUpdate {
  @Text({ optional: true, ...NAME }) name?: string;
  @Text({ ...NULLISH, maxLength: MAX_DESCRIPTION_LENGTH }) description?: string | null;
  @Text({ ...NULLISH, ...NAME, description: 'Null clears it and ends synchronization.' })
  idp_group_name?: string | null;
  @Flag({ optional: true }) idp_sync_enabled?: boolean;
  @Flag({ ...NULLISH, description: 'Whether members of the organization may ask to be in it.' })
  requestable?: boolean | null;
}

export class UserGroupListQuery extends CursorListQuery {
  @Uuid({ optional: true, description: 'Only groups with a role in this workspace.' }) workspace_id?: string;
}

export class UserGroupPage extends PageOf(UserGroup) {}

export class UserGroupMember {
  @Uuid({ description: 'The identity in the organization, or in the workspace.' }) identity_id: string;
  @Uuid({ optional: true, description: 'In lists of workspace members.' }) org_identity_id?: string;
  @Uuid({ nullable: true, description: 'Null for a service account.' }) ls_user_id: string | null;
  @Uuid({ nullable: true, description: 'Null for a service account.' }) user_id: string | null;
  @Text({ nullable: true, description: 'Null for a service account.' }) email: string | null;
  @Text({ nullable: true, description: 'Of a service account, its name.' }) full_name: string | null;
  @Text({ nullable: true }) avatar_url: string | null;
  @Flag() is_disabled: boolean;
  @Instant() added_at: string;
  @AccessEnd() access_expires_at?: string | null;
}

export class UserGroupMemberPage extends PageOf(UserGroupMember) {}

const MAX_ADDED_MEMBERS = 100;

export class UserGroupMembersAdd {
  @UuidList({ minSize: 1, maxSize: MAX_ADDED_MEMBERS, description: 'Identities in the organization.' })
  identity_ids: string[];
  @AccessEnd('When the new memberships end; null: they are permanent.') access_expires_at?: string | null;
  @MisnamedAccessEnd() expires_at?: unknown;
}

const ADD_STATUSES = ['CREATED', 'UNCHANGED', 'FAILED'] as const;
export type UserGroupMemberStatus = (typeof ADD_STATUSES)[number];

export class UserGroupMemberResult {
  @Uuid() identity_id: string;
  @OneOf(ADD_STATUSES, 'UserGroupMemberStatus') status: UserGroupMemberStatus;
  @Text({ optional: true, description: 'Why it failed.' }) detail?: string;
  @AccessEnd('If the request names an end: that of the membership.') access_expires_at?: string | null;
  @Flag({ optional: true, description: 'False for a member, whose end stays, and a service account.' })
  access_expires_at_applied?: boolean;
}

export class UserGroupMemberResults {
  @ListOf(() => UserGroupMemberResult) items: UserGroupMemberResult[];
}

export class UserGroupGrant {
  @Uuid() workspace_id: string;
  @Uuid() role_id: string;
  @Text() role_name: string;
  @Instant() created_at: string;
  @Instant() updated_at: string;
  @AccessEnd() access_expires_at?: string | null;
}

export class UserGroupGrantCreate {
  @Uuid() workspace_id: string;
  @Uuid() role_id: string;
  @AccessEnd() access_expires_at?: string | null;
}

export class UserGroupGrantUpdate {
  @Uuid() role_id: string;
  @AccessEnd('When the role ends; null: it is permanent; absent: unchanged.') access_expires_at?:
    string | null;
}

export class UserGroupPolicy {
  @Uuid() id: string;
  @Text() name: string;
  @Text() description: string;
  @OneOf(['allow', 'deny'], 'UserGroupPolicyEffect') effect: 'allow' | 'deny';
  @Instant() attached_at: string;
  @Uuid({ optional: true, description: 'Absent: for every workspace of the group.' }) workspace_id?: string;
}

export class UserGroupPolicyPage extends PageOf(UserGroupPolicy) {}

export class UserGroupPolicyAttach {
  @Uuid() access_policy_id: string;
  @Uuid({ ...NULLISH, description: 'Null or absent: for every workspace of the group.' })
  workspace_id?: string | null;
}

export class UserGroupPolicyDetachQuery {
  @Uuid({ optional: true, description: 'Absent: the attachment for every workspace.' }) workspace_id?: string;
}

export class UserGroupGrantPage extends PageOf(UserGroupGrant) {}
