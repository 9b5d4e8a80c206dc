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

/** At most one page of each kind, read from the index that has this order. */
const NEWEST = `
  (select id, created_at, false as is_pending from org_memberships
    where org_id = $1 ${ORDER} limit $2::bigint + $3::bigint)
  union all
  (select id, created_at, true from invitations
    where org_id = $1 and status = 'pending' ${ORDER} limit $2::bigint + $3::bigint)`;

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

/** One page, each row with `total`. Without a filter the total comes from `headcounts`, and only one page is read. */
export function pageOf(
  { orgId, workspaceIds }: EnrichedMembersScope,
  { limit, offset, ...filter }: EnrichedMembersList,
): { statement: Statement; values: unknown[] } {
  const values: unknown[] = [orgId, limit, offset, workspaceIds];
  const text = Object.values(filter).every((parameters) => parameters === null)
    ? `with page as materialized (select * from (${NEWEST}) people ${ORDER} limit $2 offset $3)
      ${membersAndPending('(select members + pending from headcounts where org_id = $1)')}`
    : `with matching as materialized (${conditionSql(filter, values)}),
        page as materialized (select * from matching ${ORDER} limit $2 offset $3)
      ${membersAndPending('(select count(*)::int from matching)')}`;
  return { statement: { name: UNNAMED, text }, values };
}

/**
 * Not a named statement: PostgreSQL would keep one generic plan for every page size and pattern. Planning takes one to
 * two milliseconds.
 */
const UNNAMED = '';

/** The condition for matching rows, evaluated once for the page and the total. Appends the patterns to `values`. */
function conditionSql(filter: EnrichedMembersFilter, values: unknown[]): string {
  const any = (globs: readonly string[]) => `ilike any($${values.push(globs.map(likePattern))}::text[])`;
  const conditions = [
    stateConditions(filter),
    userConditions(filter, any),
    workspaceConditions(filter, any),
  ].flat();
  const all = (kind: 'member' | 'pending') =>
    conditions.map((condition) => ` and ${condition[kind]}`).join('');
  return `
    select m.id, m.created_at, false as is_pending from org_memberships m where m.org_id = $1${all('member')}
    union all
    select i.id, i.created_at, true from invitations i
    where i.org_id = $1 and i.status = 'pending'${all('pending')}`;
}

/** A condition in two forms: for a member `m` and for an invitation `i`. */
type Condition = { member: string; pending: string };
type Any = (globs: readonly string[]) => string;

function stateConditions({ isActive, isPending }: EnrichedMembersFilter): Condition[] {
  if (isActive && isPending) return [{ member: 'not m.is_disabled', pending: 'true' }];
  const conditions: Condition[] = [];
  if (isActive === true) conditions.push({ member: 'not m.is_disabled', pending: 'false' });
  if (isActive === false) conditions.push({ member: 'm.is_disabled', pending: 'true' });
  if (isPending !== null) conditions.push({ member: String(!isPending), pending: String(isPending) });
  return conditions;
}

function userConditions({ names, emails, orgRoles }: EnrichedMembersFilter, any: Any): Condition[] {
  const conditions: Condition[] = [];
  if (names) conditions.push(userHas("coalesce(full_name, '')", any(names)));
  if (emails) conditions.push(userHas('email', any(emails)));
  if (orgRoles) {
    const roles = `(select id from roles where display_name ${any(orgRoles)})`;
    conditions.push({ member: `m.role_id in ${roles}`, pending: `i.org_role_id in ${roles}` });
  }
  return conditions;
}

/** Matches a column of the user's account, or the same column of the invitation. */
const userHas = (text: string, likeAny: string): Condition => ({
  member: `m.user_id in (select id from users where ${text} ${likeAny})`,
  pending: `${text} ${likeAny}`,
});

/** Workspace and role must match the same membership; workspaces that are not shown are not searched. */
function workspaceConditions({ workspaces, workspaceRoles }: EnrichedMembersFilter, any: Any): Condition[] {
  if (!workspaces && !workspaceRoles) return [];
  const where = [
    'v.org_id = $1 and ($4::uuid[] is null or v.id = any($4))',
    ...(workspaces ? [`v.display_name ${any(workspaces)}`] : []),
    ...(workspaceRoles ? [`r.display_name ${any(workspaceRoles)}`] : []),
  ].join(' and ');
  const holders = (join: string, holder: string) => `(
    select w.${holder} from workspaces v
    ${join} w on w.workspace_id = v.id join roles r on r.id = w.role_id where ${where})`;
  return [
    {
      member: `m.user_id in ${holders('join workspace_memberships', 'user_id')}`,
      pending: `i.id in ${holders('join invitation_workspaces', 'invitation_id')}`,
    },
  ];
}
