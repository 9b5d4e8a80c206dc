import { searchedEmail } from '../../common/email/canonical-email.js';
import type { Problem } from '../../common/errors/domain-error.js';
import { ValidationFailed } from '../../common/errors/validation-failed.js';
import type {
  OrganizationMembers,
  OrgPendingIdentity,
  OrgPendingIdentityPatch,
  PendingIdentity,
  PendingIdentityCreate,
  TenantMembers,
} from '../../contract/invitations.js';
import type { PendingQuery } from '../../contract/member-lists.js';
import { type OrgMember, toOrgMember, toWorkspaceMember, type WorkspaceMember } from '../members/index.js';
import type { AmendmentWish } from './invitation-amendment.js';
import { emailOf, problemsOfInvite } from './invite-problems.js';
import type { Invited, PresentMember } from './invite-outcomes.js';
import type { InviteRow } from './invite-rights.js';
import type { PendingListQuery, PendingPerson } from './pending-directory.js';

type Invitable = Omit<PendingIdentityCreate, 'read_only'>;
type Locate = (row: number) => Problem['loc'];

/** Rows of a request; all that cannot be used is named with its row. `targetId` is the inviting workspace. */
export function fromInvites(bodies: readonly Invitable[], locate: Locate, targetId?: string): InviteRow[] {
  const problems: Problem[] = [];
  const rows = bodies.map((body) => ({
    email: emailOf(body.email, [], problems),
    orgRoleId: body.role_id ?? null,
    workspaceIds: [...new Set([...(targetId ? [targetId] : []), ...(body.workspace_ids ?? [])])],
    workspaceRoleId: body.workspace_role_id ?? null,
    fullName: body.full_name ?? null,
    password: body.password ?? null,
  }));
  if (problems.length > 0)
    throw new ValidationFailed(bodies.flatMap((body, index) => problemsOfInvite(body, locate(index))));
  return rows;
}

export const fromPendingPatch = (body: OrgPendingIdentityPatch): AmendmentWish => ({
  orgRoleId: body.role_id ?? null,
  workspaceIds: body.workspace_ids ?? null,
  workspaceRoleId: body.workspace_role_id ?? null,
});

export const fromPendingQuery = (query: PendingQuery): PendingListQuery => ({
  limit: query.limit ?? null,
  offset: query.offset ?? 0,
  emails: (query.emails ?? []).map(searchedEmail),
  q: query.q || null,
  sortBy: query.sort_by ?? 'created_at',
  descending: query.sort_by_desc ?? true,
});

/** At organization level: all of its workspaces, the role in the first one (contract decision 45). */
export const toOrgPending = (person: PendingPerson): OrgPendingIdentity => ({
  ...shared(person),
  access_scope: 'organization',
  tenant_id: null,
  workspace_ids: person.grants.map(({ workspaceId }) => workspaceId),
  tenant_ids: person.grants.map(({ workspaceId }) => workspaceId),
  workspace_role_id: person.grants[0]?.roleId ?? null,
});

/** In a workspace: its own part only. */
export const toWorkspacePending =
  (workspaceId: string) =>
  (person: PendingPerson): PendingIdentity => ({
    ...shared(person),
    access_scope: 'workspace',
    tenant_id: workspaceId,
    workspace_ids: [workspaceId],
    workspace_role_id: person.grants.find((grant) => grant.workspaceId === workspaceId)?.roleId ?? null,
  });

export const toInvited = (invited: Invited): PendingIdentity => {
  if (invited.kind === 'member') return toPresentMember(invited);
  return invited.fromWorkspaceId
    ? toWorkspacePending(invited.fromWorkspaceId)(invited)
    : toOrgPending(invited);
};

/**
 * The wire's `role_id` of a pending row is the organization role (semantics, section 1). No password, ever, and no
 * `user_id`: whoever invites an address learns nothing of an account that may have it.
 */
const shared = (person: PendingPerson) => ({
  id: person.id,
  email: person.email,
  full_name: person.fullName,
  user_id: null,
  organization_id: person.orgId,
  created_at: person.createdAt.toISOString(),
  role_id: person.orgRoleId,
  role_name: person.orgRoleName,
  org_role_id: person.orgRoleId,
  org_role_name: person.orgRoleName,
  password: null,
  read_only: false,
  is_expired: person.isExpired,
  expires_at: person.expiresAt?.toISOString() ?? null,
});

/**
 * Somebody who was here already, in the shape of a pending row: his membership's id and `user_id`
 * (contract decision 2).
 */
const toPresentMember = ({
  id,
  user,
  membership,
  orgRole,
  place,
  places,
}: PresentMember): PendingIdentity => ({
  id,
  email: user.email,
  full_name: user.fullName,
  user_id: user.id,
  organization_id: membership.orgId,
  created_at: (place?.membership ?? membership).createdAt.toISOString(),
  access_scope: place ? 'workspace' : 'organization',
  tenant_id: place?.membership.workspaceId ?? null,
  workspace_ids: places.map((shown) => shown.membership.workspaceId),
  workspace_role_id: places[0]?.role.id ?? null,
  role_id: orgRole.id,
  role_name: orgRole.displayName,
  org_role_id: orgRole.id,
  org_role_name: orgRole.displayName,
  password: null,
  read_only: false,
});

type Roster<Scope, Member> = Scope & { members: readonly Member[]; pending: readonly PendingPerson[] };

export const toOrganizationMembers = (roster: Roster<{ orgId: string }, OrgMember>): OrganizationMembers => ({
  organization_id: roster.orgId,
  members: roster.members.map(toOrgMember),
  pending: roster.pending.map(toOrgPending),
});

export const toTenantMembers = (roster: Roster<{ workspaceId: string }, WorkspaceMember>): TenantMembers => ({
  tenant_id: roster.workspaceId,
  members: roster.members.map(toWorkspaceMember),
  pending: roster.pending.map(toWorkspacePending(roster.workspaceId)),
});
