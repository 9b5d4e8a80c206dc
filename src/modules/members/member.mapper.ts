import { canonicalSearchEmail } from '../../common/canonical-email.js';
import { ValidationFailed } from '../../common/errors/errors.js';
import { inUtc, toInstant } from '../../common/http/operations/instant.js';
import type {
  CreatedCredential as WireCredential,
  CreatedCredentials as WireCredentials,
  RevokeCreatedQuery,
} from '../../contract/api-keys.js';
import type { MembersQuery } from '../../contract/lists.js';
import type {
  Identity,
  IdentityCreate,
  IdentityPatch,
  MemberIdentity,
  OrgIdentityPatch,
  OrgMemberIdentity,
  ProviderUserSlim,
  RemovedOrgMember,
} from '../../contract/members.js';
import type { AuditDetails } from '../audit/index.js';
import { requestedEnd } from './core/access-ends.repository.js';
import type { MemberLogin, OrgMember, WorkspaceMember } from './member-directory.read-model.js';
import type { MemberQuery, UsersWith } from './member.statements.js';
import type { CreatedByMember, CreatedCredential, CreatedCredentials } from './core/members.events.js';
import { problemOf, type RequestedRole } from './core/role-end.js';
import type { NewWorkspaceMember } from './workspace-members.service.js';

export const toIdentity = (member: OrgMember | WorkspaceMember): Identity => ({
  id: member.id,
  organization_id: member.orgId,
  tenant_id: 'workspaceId' in member ? member.workspaceId : null,
  created_at: member.createdAt.toISOString(),
  user_id: member.userId,
  ls_user_id: member.userId,
  read_only: false,
  role_id: member.roleId,
  role_name: member.roleName,
  access_scope: 'workspaceId' in member ? 'workspace' : 'organization',
  access_expires_at: member.accessExpiresAt?.toISOString() ?? null,
  reverts_to_role_id: member.revertsToRoleId,
});

/** In a PATCH: absent stays, null is permanent, or without another role at the end. */
export const fromRolePatch = (body: OrgIdentityPatch | IdentityPatch): RequestedRole => ({
  roleId: body.role_id ?? undefined,
  accessExpiresAt: requestedEnd(body.access_expires_at),
  revertsToRoleId: body.reverts_to_role_id,
});

/** @throws ValidationFailed for a request without a change */
export function fromWorkspaceRolePatch(body: IdentityPatch): RequestedRole {
  const requested = fromRolePatch(body);
  const isEmpty = Object.values(requested).every((value) => value === undefined);
  if (isEmpty) throw problemOf(['body', 'role_id'], 'Field required');
  return requested;
}

export const toWorkspaceMember = (member: OrgMember | WorkspaceMember): MemberIdentity => ({
  ...toIdentity(member),
  email: member.email,
  full_name: member.fullName,
  avatar_url: member.avatarUrl,
  linked_login_methods: oldestFirst(member.loginMethods ?? []).map((login) => toLoginMethod(login, member)),
  display_name: member.fullName,
  is_disabled: member.isDisabled,
  org_role_id: 'orgRoleId' in member ? member.orgRoleId : member.roleId,
  org_role_name: 'orgRoleName' in member ? member.orgRoleName : member.roleName,
});

export const toOrgMember = (member: OrgMember): OrgMemberIdentity => ({
  ...toWorkspaceMember(member),
  tenant_ids: [...member.workspaceIds],
});

/** Most members have one. */
const oldestFirst = (logins: readonly MemberLogin[]): readonly MemberLogin[] =>
  logins.length < 2 ? logins : logins.toSorted(byAge);

const byAge = (a: MemberLogin, b: MemberLogin): number =>
  Date.parse(a[CREATED_AT]) - Date.parse(b[CREATED_AT]) || (a[ID] < b[ID] ? -1 : 1);

const [ID, CREATED_AT] = [0, 6] as const;

/** The confirmation is of the account's address, so it is not shown beside another one. */
function toLoginMethod(login: MemberLogin, member: OrgMember | WorkspaceMember): ProviderUserSlim {
  const [id, provider, provisioning, confirmedAt, givenEmail, username, createdAt, updatedAt] = login;
  const isOwn = provider === 'email';
  const email = isOwn ? member.email : givenEmail;
  const isConfirmed = email === null || email === member.email;
  return {
    id,
    provider,
    ls_user_id: member.userId,
    created_at: inUtc(createdAt),
    updated_at: inUtc(updatedAt),
    email,
    username: isOwn ? member.email : username,
    provisioning_method: provisioning,
    email_confirmed_at: isConfirmed && confirmedAt ? inUtc(confirmedAt) : null,
  };
}

/** An empty list or text does not filter. */
export const fromMembersQuery = (query: MembersQuery, among: UsersWith | null): MemberQuery => ({
  limit: query.limit,
  offset: query.offset,
  sortBy: query.sort_by,
  descending: query.sort_by_desc,
  emails: query.emails.length > 0 ? query.emails.map(canonicalSearchEmail) : null,
  userIds: intersection(query.ls_user_ids, query.user_ids ?? []),
  isDisabled: query.is_disabled ?? null,
  text: query.q || null,
  roleIds: emptyToNull(query.role_ids),
  sources: emptyToNull(query.sources),
  notActiveSince: query.not_active_since === undefined ? null : toInstant(query.not_active_since),
  neverActive: query.never_active ?? null,
  hasEnd: query.has_access_end ?? null,
  endsBefore: query.access_expires_before === undefined ? null : toInstant(query.access_expires_before),
  among,
});

const emptyToNull = <T>(list: readonly T[]): readonly T[] | null => (list.length > 0 ? list : null);

/** Two parameters of the same filter; with both, users must be in both lists. */
function intersection(a: readonly string[], b: readonly string[]): readonly string[] | null {
  if (a.length === 0 || b.length === 0) return [a, b].find(({ length }) => length > 0) ?? null;
  return a.filter((id) => b.includes(id));
}

/** The preferred parameter takes precedence. @throws ValidationFailed if both are absent. */
export function fromIdentityCreate(body: IdentityCreate): NewWorkspaceMember {
  const { org_identity_id: orgMembershipId, role_id, workspace_role_id } = body;
  const userId = body.ls_user_id ?? body.user_id;
  const roleId = role_id ?? workspace_role_id ?? null;
  const accessExpiresAt = requestedEnd(body.access_expires_at) ?? null;
  if (orgMembershipId) return { member: { orgMembershipId }, roleId, accessExpiresAt };
  if (userId) return { member: { userId }, roleId, accessExpiresAt };
  throw new ValidationFailed([{ loc: ['body', 'org_identity_id'], msg: 'Field required', type: 'missing' }]);
}

export const revokesCreated = ({ revoke_created, revoke_created_keys }: RevokeCreatedQuery): boolean =>
  revoke_created || revoke_created_keys;

export const toCreatedCredentials = (created: CreatedCredentials): WireCredentials => ({
  created_service_keys: created.serviceKeys.map(toCreatedCredential),
  created_personal_access_tokens: created.personalAccessTokens.map(toCreatedCredential),
  created_scim_tokens: created.scimTokens.map(toCreatedCredential),
  created_webhooks: [...created.webhooks],
  created_log_streams: [...created.logStreams],
});

export const toCreatedByMember = (created: CreatedByMember): RemovedOrgMember => ({
  ...toCreatedCredentials(created),
  approved_applications: created.grants.map(toCreatedCredential),
});

const toCreatedCredential = ({ id, shortKey, description }: CreatedCredential): WireCredential => ({
  id,
  short_key: shortKey,
  description,
});

/** For the entry of the change that ended them. */
export const toEndedDetails = (created: CreatedCredentials | CreatedByMember): AuditDetails =>
  Object.fromEntries(
    Object.entries('grants' in created ? toCreatedByMember(created) : toCreatedCredentials(created)).flatMap(
      ([name, ended]: [string, { id: string }[]]) =>
        ended.length > 0 ? [[name, ended.map(({ id }) => id)]] : [],
    ),
  );
