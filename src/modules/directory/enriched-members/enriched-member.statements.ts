import type { Statement } from '../../../database/transactions/sql.js';
import {
  type EnrichedMembersFilter,
  type EnrichedMembersList,
  type EnrichedMembersScope,
  inWorkspaces,
  isFoundBy,
  isInvitedWhere,
  isOneOf,
  type Kind,
  membersAndPending,
  ORDER,
  ROWS,
  type MatchingNames,
  patternsOf,
} from './enriched-member-filter.statements.js';
import { pageOfPlaces, placesOf } from './workspace-page.statements.js';

/**
 * One page, each row with `total`. If only the kinds of members are filtered, `headcounts` has the total, and only one page
 * is read.
 *
 * @param matching what the names of the same filter match
 */
export function pageOf(
  scope: EnrichedMembersScope,
  matching: MatchingNames,
  list: EnrichedMembersList,
): { statement: Statement; values: unknown[] } {
  const values: unknown[] = [scope.orgId, list.limit, list.offset, scope.workspaceIds];
  const places = placesOf(matching, list);
  if (places) {
    const { members } = matching;
    return unnamed(pageOfPlaces(places, { members, isPending: list.isPending }, values), values);
  }
  const conditions = [...userConditions(list, values), ...nameConditions(matching, values)];
  const ids = list.ids && `$${values.push(list.ids)}::uuid[]`;
  if (ids) conditions.push(isFoundBy(ids));
  return unnamed(conditions.length === 0 ? pageOfKinds(list) : pageOfMatching(list, conditions, ids), values);
}

/**
 * Not a named statement: PostgreSQL would keep one generic plan for every page size and pattern. Planning takes one to
 * two milliseconds.
 */
const unnamed = (text: string, values: unknown[]) => ({ statement: { name: '', text }, values });

const pageOfKinds = (states: States): string => `
  with page as materialized (select * from (${newestOf(states)}) people ${ORDER} limit $2 offset $3)
  ${membersAndPending(`(select ${countOf(states)} from headcounts where org_id = $1)`)}`;

const pageOfMatching = (states: States, conditions: readonly Condition[], ids: string | null): string => `
  with matching as materialized (${rowsOf(states, conditions)}),
    page as materialized (select * from matching ${ORDER} limit $2 offset $3)
  ${membersAndPending('(select count(*)::int from matching)', ids)}`;

type States = Pick<EnrichedMembersFilter, 'isActive' | 'isPending'>;

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
function userConditions({ names, emails }: EnrichedMembersFilter, values: unknown[]): Condition[] {
  const any = (globs: readonly string[] | null): Any | null => {
    const patterns = patternsOf(globs);
    if (!patterns) return null;
    const parameters = patterns.map((pattern) => `$${values.push(pattern)}::text`);
    // Not `any(array)`, for which PostgreSQL does not use the trigram index.
    return (like) => `(${parameters.map((parameter) => like(parameter)).join(' or ')})`;
  };
  const [hasName, hasEmail] = [any(names), any(emails)];
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
  return conditions;
}

/** Appends the ids to `values`. */
function nameConditions(
  { orgRoleIds, workspaces, workspaceRoleIds }: MatchingNames,
  values: unknown[],
): Condition[] {
  const conditions: Condition[] = [];
  if (orgRoleIds) {
    const hasRole = isOneOf(orgRoleIds, values);
    conditions.push({ member: `m.role_id ${hasRole}`, pending: `i.org_role_id ${hasRole}` });
  }
  if (workspaces) {
    const where = inWorkspaces(workspaces, workspaceRoleIds, values);
    conditions.push({
      member: `m.user_id = any(array(select w.user_id from workspace_memberships w where ${where}))`,
      pending: isInvitedWhere(where),
    });
  }
  return conditions;
}
