import { escapeLike } from '../../../database/statements/text-search.js';
import { named, type Statement } from '../../../database/transactions/sql.js';
import { atEndInWorkspace, endedInOrg, endedInWorkspace, hasRole } from '../../members/index.js';

/** A filter that is null matches everything; the others must all match, each by any of its globs. */
export type EnrichedMembersFilter = {
  /** True: members who are not disabled; pending members are not active. True with `isPending`: both kinds. */
  readonly isActive: boolean | null;
  readonly isPending: boolean | null;
  readonly names: readonly string[] | null;
  readonly emails: readonly string[] | null;
  readonly orgRoles: readonly string[] | null;
  /** `workspaces` and `workspaceRoles` must match the same workspace membership. */
  readonly workspaces: readonly string[] | null;
  readonly workspaceRoles: readonly string[] | null;
  /** Members and pending members with one of these ids, of any kind that `isFoundBy` knows. */
  readonly ids: readonly string[] | null;
  /** Of the membership in the organization, or the one that an invitation offers. */
  readonly hasEnd: boolean | null;
  readonly endsBefore: Date | null;
  /** Members whose membership has ended and has not been removed yet, too. */
  readonly includesEnded: boolean;
};
export type EnrichedMembersList = EnrichedMembersFilter & { readonly limit: number; readonly offset: number };

/** $1 organization, $2 limit, $3 offset, $4 the workspaces whose memberships are shown (null: all). */
export type EnrichedMembersScope = {
  readonly orgId: string;
  readonly workspaceIds: readonly string[] | null;
};

/** Newest first, members and pending members in one order; ties are ordered by id. */
export const ORDER = 'order by created_at desc, id desc';

/** The ids in the parameter `$` that a member `m` or an invitation `i` has, as far as they are shown. */
const foundBy = ($: string) => `
  array(
    select own.id from (
      select unnest(array[m.id, m.user_id, m.invitation_id, i.id]) as id
      union
      select unnest(array[w.id, w.invitation_id]) from current_workspace_memberships w
      where w.org_id = m.org_id and w.user_id = m.user_id and ${IS_SHOWN}
      union
      select s.id from scim_users s where s.org_id = m.org_id and s.user_id = m.user_id) own
    where own.id = any(${$}))`;

const IS_SHOWN = '($4::uuid[] is null or w.workspace_id = any($4))';

/** The condition that a member `m` or an invitation `i` has one of the ids in `$`, as in `foundBy`. */
export const isFoundBy = ($: string): Record<Kind, string> => ({
  member: `m.user_id = any(array(
    select o.user_id from org_memberships o
    where o.org_id = $1 and (o.id = any(${$}) or o.user_id = any(${$}) or o.invitation_id = any(${$}))
    union all
    select w.user_id from current_workspace_memberships w
    where w.org_id = $1 and (w.id = any(${$}) or w.invitation_id = any(${$})) and ${IS_SHOWN}
    union all
    select s.user_id from scim_users s where s.org_id = $1 and s.id = any(${$})))`,
  pending: `i.id = any(${$})`,
});

/** The last one of a membership that has ended, which is in no list unless it is asked for. */
const PRESENT_ROLE = `
  case when m.access_expires_at <= now() then coalesce(m.reverts_to_role_id, m.role_id) else m.role_id end`;

/** Of a membership that ends or has ended. An end that changed the role is none of the present role. */
export const MEMBERSHIP_ENDS =
  'm.access_expires_at is not null and (m.access_expires_at > now() or m.reverts_to_role_id is null)';

const END = `
    case when ${MEMBERSHIP_ENDS} then m.access_expires_at else i.access_expires_at end as "endsAt",
    coalesce(m.access_expires_at <= now() and m.reverts_to_role_id is null, false) as "hasEnded",
    case when m.access_expires_at > now() then m.reverts_to_role_id end as "revertsToRoleId"`;

/** All columns of one page. `ids`: the parameter with the ids asked for, or null. */
export const membersAndPending = (total: string, ids: string | null = null) => `
  select p.id, p.created_at as "createdAt", p.is_pending as "isPending", u.id as "userId",
    coalesce(u.email, i.email) as email, coalesce(u.full_name, i.full_name) as "fullName",
    u.avatar_url as "avatarUrl", coalesce(m.is_disabled, false) as "isDisabled",
    (select a.last_active_at from member_activity a where a.membership_id = m.id) as "lastActiveAt",
    r.id as "roleId", r.display_name as "roleName", ${END},
    (select coalesce(jsonb_agg(jsonb_build_object('provider', l.provider, 'provisioning', l.provisioning_method)
        order by l.created_at, l.id), '[]')
      from login_methods l where l.user_id = m.user_id) as logins,
    (select coalesce(jsonb_agg(jsonb_build_object('name', g.display_name, 'createdAt', g.created_at)
        order by g.created_at, g.id), '[]')
      from scim_users s join scim_group_members gm on gm.scim_user_id = s.id join scim_groups g on g.id = gm.group_id
      where s.org_id = m.org_id and s.user_id = m.user_id) as groups,
    (select coalesce(jsonb_agg(jsonb_build_object('workspaceId', v.id, 'workspaceName', v.display_name,
        'roleId', g.id, 'roleName', g.display_name, 'endsAt', w.access_expires_at,
        'revertsToRoleId', w.reverts_to_role_id) order by w.created_at, w.workspace_id), '[]')
      from (
        select workspace_id, role_id, created_at, access_expires_at, reverts_to_role_id from current_workspace_memberships
        where org_id = m.org_id and user_id = m.user_id
        union all
        select workspace_id, role_id, created_at, access_expires_at, null from invitation_workspaces
        where invitation_id = i.id) w
      join workspaces v on v.id = w.workspace_id join roles g on g.id = w.role_id
      where $4::uuid[] is null or w.workspace_id = any($4)) as workspaces,
    ${ids === null ? '' : `${foundBy(ids)} as "foundBy",`} ${total} as total
  from page p
  left join org_memberships m on m.id = p.id and not p.is_pending
  left join users u on u.id = m.user_id
  left join invitations i on i.id = p.id and p.is_pending
  join roles r on r.id = coalesce(${PRESENT_ROLE}, i.org_role_id)
  order by p.created_at desc, p.id desc`;

/** Conditions on one row `w` of `workspace_memberships` or `invitation_workspaces`; appends the ids to `values`. */
export function inWorkspaces(
  workspaces: readonly { readonly id: string }[],
  roleIds: readonly string[] | null,
  values: unknown[],
): Record<Kind, string> {
  const here = `any($${values.push(workspaces.map(({ id }) => id))}::uuid[])`;
  const roles = roleIds && isOneOf(roleIds, values);
  const isHere = `w.workspace_id = ${here}`;
  const hasGivenRole = roles && `and ${hasRole('w', roles, atEndInWorkspace(here))}`;
  return {
    member: `${isHere} and w.id not in (${endedInWorkspace(here)}) ${hasGivenRole ?? ''}`,
    pending: roles ? `${isHere} and w.role_id ${roles}` : isHere,
  };
}

export const isOneOf = (ids: readonly string[], values: unknown[]): string =>
  `= any($${values.push(ids)}::uuid[])`;

/** The invitation `i` has a row that meets the condition. */
export const isInvitedWhere = (condition: string): string =>
  `i.id = any(array(select w.invitation_id from invitation_workspaces w where ${condition}))`;

export type Kind = 'member' | 'pending';

const ALL_MEMBERS =
  'select m.id, m.created_at, false as is_pending from org_memberships m where m.org_id = $1';

/** All of a kind, without members whose membership has ended: the view needs columns that the index does not have. */
export const ROWS: Record<Kind, string> = {
  member: `${ALL_MEMBERS} and m.id not in (${endedInOrg('$1')})`,
  pending: `select i.id, i.created_at, true as is_pending from invitations i where i.org_id = $1 and i.status = 'pending'`,
};

export const ROWS_WITH_ENDED: Record<Kind, string> = { ...ROWS, member: ALL_MEMBERS };

/** What the globs for roles and workspaces match; null where they do not filter. */
export type MatchingNames = {
  readonly orgRoleIds: readonly string[] | null;
  readonly workspaceRoleIds: readonly string[] | null;
  /** Those that are shown, with their number of members, largest first. Not null if only their roles are filtered. */
  readonly workspaces: readonly { readonly id: string; readonly members: number }[] | null;
  readonly members: number;
};

export const NO_NAMES: MatchingNames = {
  orgRoleIds: null,
  workspaceRoleIds: null,
  workspaces: null,
  members: 0,
};

/** Null if names do not filter. */
export function matchingNamesOf(
  { orgId, workspaceIds }: EnrichedMembersScope,
  { orgRoles, workspaces, workspaceRoles }: EnrichedMembersFilter,
): { statement: Statement; values: unknown[] } | null {
  const isByWorkspace = workspaces !== null || workspaceRoles !== null;
  if (orgRoles === null && !isByWorkspace) return null;
  const [roles, rolesThere, names] = [orgRoles, workspaceRoles, workspaces].map(patternsOf);
  return {
    statement: MATCHING_NAMES,
    values: [orgId, workspaceIds, roles, rolesThere, isByWorkspace, names],
  };
}

/** Null if everything matches. */
export function patternsOf(globs: readonly string[] | null): string[] | null {
  const patterns = globs?.map(likePattern) ?? [];
  return patterns.length === 0 || patterns.includes('%') ? null : patterns;
}

const rolesLike = (patterns: string) => `case when ${patterns}::text[] is not null then array(
    select id from roles where (org_id is null or org_id = $1) and display_name ilike any(${patterns})) end`;

/**
 * $2 the workspaces that are shown (null: all), $3 and $4 patterns of roles, $5 whether workspaces filter, $6 their patterns. The
 * ids then are values of the page's statement, so that PostgreSQL knows how many members they have.
 */
const MATCHING_NAMES: Statement = named('enriched_members_matching_names')`
  select ${rolesLike('$3')} as "orgRoleIds", ${rolesLike('$4')} as "workspaceRoleIds",
    case when $5 then (
      select coalesce(jsonb_agg(jsonb_build_object('id', w.id, 'members', coalesce(h.members, 0))
        order by h.members desc nulls last), '[]')
      from workspaces w left join workspace_headcounts h on h.workspace_id = w.id
      where w.org_id = $1 and ($2::uuid[] is null or w.id = any($2))
        and ($6::text[] is null or w.display_name ilike any($6))) end as workspaces,
    coalesce((select members from headcounts where org_id = $1), 0) as members`;

/** A glob as a LIKE pattern for the whole text. `*` matches any number of characters; nothing else is special. */
export const likePattern = (glob: string): string => escapeLike(glob).replace(/\*+/g, '%');
