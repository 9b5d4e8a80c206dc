import type { Statement } from '../../../database/sql.js';
import { likePattern } from './glob.js';

/** A filter that is null matches everything; the others must all match, each by any of its globs. */
type EnrichedMembersFilter = {
  /** True: members who are not disabled; pending members are not active. True with `isPending`: both kinds. */
  readonly isActive: boolean | null;
  readonly isPending: boolean | null;
  readonly names: readonly string[] | null;
  readonly emails: readonly string[] | null;
  readonly orgRoles: readonly string[] | null;
  /** `workspaces` and `workspaceRoles` must match the same workspace membership. */
  readonly workspaces: readonly string[] | null;
  readonly workspaceRoles: readonly string[] | null;
};
export type EnrichedMembersList = EnrichedMembersFilter & { readonly limit: number; readonly offset: number };

/** $1 organization, $2 limit, $3 offset, $4 the workspaces whose memberships are shown (null: all); then patterns. */
export type EnrichedMembersScope = {
  readonly orgId: string;
  readonly workspaceIds: readonly string[] | null;
};

/** Newest first, members and pending members in one order; ties are ordered by id. */
const ORDER = 'order by created_at desc, id desc';

/** All columns of one page. A row is a member or a pending member, so only one of the two joins matches. */
const membersAndPending = (total: string) => `
  select p.id, p.created_at as "createdAt", p.is_pending as "isPending", u.id as "userId",
    coalesce(u.email, i.email) as email, coalesce(u.full_name, i.full_name) as "fullName",
    u.avatar_url as "avatarUrl", coalesce(m.is_disabled, false) as "isDisabled",
    (select a.last_active_at from member_activity a where a.membership_id = m.id) as "lastActiveAt",
    r.id as "roleId", r.display_name as "roleName",
    (select coalesce(jsonb_agg(jsonb_build_object('provider', l.provider, 'provisioning', l.provisioning_method)
        order by l.created_at, l.id), '[]')
      from login_methods l where l.user_id = m.user_id) as logins,
    (select coalesce(jsonb_agg(jsonb_build_object('workspaceId', v.id, 'workspaceName', v.display_name,
        'roleId', g.id, 'roleName', g.display_name) order by w.created_at, w.workspace_id), '[]')
      from (
        select workspace_id, role_id, created_at from workspace_memberships
        where org_id = m.org_id and user_id = m.user_id
        union all
        select workspace_id, role_id, created_at from invitation_workspaces where invitation_id = i.id) w
      join workspaces v on v.id = w.workspace_id join roles g on g.id = w.role_id
      where $4::uuid[] is null or w.workspace_id = any($4)) as workspaces,
    ${total} as total
  from page p
  left join org_memberships m on m.id = p.id and not p.is_pending
  left join users u on u.id = m.user_id
  left join invitations i on i.id = p.id and p.is_pending
  join roles r on r.id = coalesce(m.role_id, i.org_role_id)
  order by p.created_at desc, p.id desc`;

/**
 * One page, each row with `total`. If only the kinds of members are filtered, `headcounts` has the total, and only one page
 * is read.
 */
export function pageOf(
  { orgId, workspaceIds }: EnrichedMembersScope,
  { limit, offset, ...filter }: EnrichedMembersList,
): { statement: Statement; values: unknown[] } {
  const values: unknown[] = [orgId, limit, offset, workspaceIds];
  const conditions = conditionsOf(filter, values);
  const text =
    conditions.length === 0
      ? `with page as materialized (select * from (${newestOf(filter)}) people ${ORDER} limit $2 offset $3)
        ${membersAndPending(`(select ${countOf(filter)} from headcounts where org_id = $1)`)}`
      : `with matching as materialized (${rowsOf(filter, conditions)}),
          page as materialized (select * from matching ${ORDER} limit $2 offset $3)
        ${membersAndPending('(select count(*)::int from matching)')}`;
  return { statement: { name: UNNAMED, text }, values };
}

/**
 * Not a named statement: PostgreSQL would keep one generic plan for every page size and pattern. Planning takes one to
 * two milliseconds.
 */
const UNNAMED = '';

type States = Pick<EnrichedMembersFilter, 'isActive' | 'isPending'>;
type Kind = 'member' | 'pending';

const ROWS: Record<Kind, string> = {
  member: 'select m.id, m.created_at, false as is_pending from org_memberships m where m.org_id = $1',
  pending: `select i.id, i.created_at, true as is_pending from invitations i where i.org_id = $1 and i.status = 'pending'`,
};
const DISABLED = '(select count(*)::int from org_memberships where org_id = $1 and is_disabled)';

/** The kinds of members that a list has, with a condition on their state. */
function kindsOf({ isActive, isPending }: States): { kind: Kind; state: string; count: string }[] {
  const hasMembers = isPending !== true || isActive === true;
  const hasPending = isPending ?? isActive !== true;
  const members = {
    null: { state: '', count: 'members' },
    true: { state: 'and not m.is_disabled', count: `members - ${DISABLED}` },
    false: { state: 'and m.is_disabled', count: DISABLED },
  }[`${isActive}`];
  return [
    ...(hasMembers ? [{ kind: 'member' as const, ...members }] : []),
    ...(hasPending ? [{ kind: 'pending' as const, state: '', count: 'pending' }] : []),
  ];
}

const countOf = (states: States): string =>
  kindsOf(states)
    .map(({ count }) => count)
    .join(' + ');

/** At most one page of each kind, read from the index that has this order. */
const newestOf = (states: States): string =>
  kindsOf(states)
    .map(({ kind, state }) => `(${ROWS[kind]} ${state} ${ORDER} limit $2::bigint + $3::bigint)`)
    .join(' union all ');

const rowsOf = (states: States, conditions: readonly Condition[]): string =>
  kindsOf(states)
    .map(({ kind, state }) => [`${ROWS[kind]} ${state}`, ...conditions.map((one) => one[kind])].join(' and '))
    .join(' union all ');

/** A condition in two forms: for a member `m` and for an invitation `i`. */
type Condition = Record<Kind, string>;
/** The condition that a text matches one of the globs; `like` is the condition for one pattern. */
type Any = (like: (pattern: string) => string) => string;

/** Appends the patterns to `values`. */
function conditionsOf(filter: EnrichedMembersFilter, values: unknown[]): Condition[] {
  const any = (globs: readonly string[] | null): Any | null => {
    const patterns = globs?.map(likePattern) ?? [];
    if (patterns.length === 0 || patterns.includes('%')) return null;
    const parameters = patterns.map((pattern) => `$${values.push(pattern)}::text`);
    // Not `any(array)`, for which PostgreSQL does not use the trigram index.
    return (like) => `(${parameters.map((parameter) => like(parameter)).join(' or ')})`;
  };
  return [...userConditions(filter, any), ...workspaceConditions(filter, any)];
}

type AnyOf = (globs: readonly string[] | null) => Any | null;

function userConditions({ names, emails, orgRoles }: EnrichedMembersFilter, any: AnyOf): Condition[] {
  const [hasName, hasEmail, isRole] = [any(names), any(emails), any(orgRoles)];
  const conditions: Condition[] = [];
  if (hasName)
    conditions.push({
      member: hasName(($) => `m.user_full_name ilike ${$}`),
      pending: hasName(($) => `lower(i.full_name) like lower(${$})`),
    });
  if (hasEmail)
    conditions.push({
      member: hasEmail(($) => `m.user_email like lower(${$})`),
      pending: hasEmail(($) => `i.email like lower(${$})`),
    });
  if (isRole)
    conditions.push({
      member: `m.role_id = any(${rolesThat(isRole)})`,
      pending: `i.org_role_id = any(${rolesThat(isRole)})`,
    });
  return conditions;
}

const rolesThat = (match: Any): string => `array(select id from roles where ${match(ofDisplayName)})`;

const ofDisplayName = ($: string): string => `display_name ilike ${$}`;

/** Workspace and role must match the same membership; workspaces that are not shown are not searched. */
function workspaceConditions(filter: EnrichedMembersFilter, any: AnyOf): Condition[] {
  if (!filter.workspaces && !filter.workspaceRoles) return [];
  const [isWorkspace, isRole] = [any(filter.workspaces), any(filter.workspaceRoles)];
  const where = [
    `w.workspace_id = any(array(select id from workspaces where org_id = $1
      and ($4::uuid[] is null or id = any($4))${isWorkspace ? ` and ${isWorkspace(ofDisplayName)}` : ''}))`,
    ...(isRole ? [`w.role_id = any(${rolesThat(isRole)})`] : []),
  ].join(' and ');
  return [
    {
      member: `m.user_id = any(array(select w.user_id from workspace_memberships w where ${where}))`,
      pending: `i.id = any(array(select w.invitation_id from invitation_workspaces w where ${where}))`,
    },
  ];
}
