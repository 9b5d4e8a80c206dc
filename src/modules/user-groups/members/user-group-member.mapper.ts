import type { ListPosition } from '../../../common/lists/cursor-list.js';
import type {
  UserGroupMember,
  UserGroupMemberResult,
  UserGroupMemberResults,
} from '../../../contract/user-groups.js';
import type { AddedIdentity, ListedMember } from '../core/user-group-members.repository.js';

export const toUserGroupMember = (member: ListedMember): UserGroupMember => ({
  identity_id: member.identityId,
  ...(member.orgIdentityId === undefined ? {} : { org_identity_id: member.orgIdentityId }),
  ls_user_id: member.userId,
  user_id: member.userId,
  email: member.email,
  full_name: member.fullName,
  avatar_url: member.avatarUrl,
  is_disabled: member.isDisabled,
  added_at: member.addedAt.toISOString(),
});

/** Lists are in the order of the ids of users and service accounts. */
export const toListPosition = ({ memberId }: ListedMember): ListPosition => ({ key: '', id: memberId });

export const toMemberResults = (results: readonly AddedIdentity[]): UserGroupMemberResults => ({
  items: results.map(toMemberResult),
});

const toMemberResult = ({ identityId, status, isInOrg }: AddedIdentity): UserGroupMemberResult => ({
  identity_id: identityId,
  status,
  ...(status === 'FAILED' ? { detail: isInOrg ? NOT_IN_WORKSPACE : NOT_IN_ORG } : {}),
});

const NOT_IN_ORG = 'The organization has no such identity.';
const NOT_IN_WORKSPACE = 'This identity is not in the workspace of the group.';
