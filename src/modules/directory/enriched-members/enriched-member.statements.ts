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
  MEMBERSHIP_ENDS,
  membersAndPending,
  ORDER,
  ROWS,
  ROWS_WITH_ENDED,
  type MatchingNames,
  patternsOf,
} from './enriched-member-filter.statements.js';
import { atEndInOrg, endedInOrg, hasRole } from '../../members/index.js';
import { pageOfPlaces, placesOf } from './workspace-page.statements.js';

/** One page, each row with `total`, from `headcounts` if it can be. @param matching names of the filter */
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
  const conditions = [
    ...userConditions(list, values),
    ...nameConditions(matching, values),
    ...endConditions(list, values),
  ];
  const ids = list.ids && `$${values.push(list.ids)}::uuid[]`;
  if (ids) conditions.push(isFoundBy(ids));
  return unnamed(conditions.length === 0 ? pageOfKinds(list) : pageOfMatching(list, conditions, ids), values);
}

/** Named, it would get one generic plan for every page size and pattern. Planning takes one to two milliseconds. */
const unnamed = (text: string, values: unknown[]) => ({ statement: { name: '', text }, values });

const pageOfKinds = (states: States): string => `
  with page as materialized (select * from (${newestOf(states)}) people ${ORDER} limit $2 offset $3)
  ${membersAndPending(`(select ${countOf(states)} from headcounts where org_id = $1)`)}`;

const pageOfMatching = (states: States, conditions: readonly Condition[], ids: string | null): string => `
  with matching as materialized (${rowsOf(states, conditions)}),
    page as materialized (select * from matching ${ORDER} limit $2 offset $3)
  ${membersAndPending('(select count(*)::int from matching)', ids)}`;

type States = Pick<EnrichedMembersFilter, 'isActive' | 'isPending' | 'includesEnded'>;

const ENDED = `(select count(*)::int from (${endedInOrg('$1')}) ended)`;
const ALL_DISABLED = '(select count(*)::int from org_memberships where org_id = $1 and is_disabled)';
const DISABLED = `(
  select count(*)::int from org_memberships m where org_id = $1 and is_disabled and id not in (${endedInOrg('$1')}))`;

/** The kinds of members that a list has, with a condition on their state. */
function kindsOf({ isActive, isPending, includesEnded }: States) {
  const hasMembers = isPending !== true || isActive === true;
  const hasPending = isPending ?? isActive !== true;
  const [all, disabled] = includesEnded ? ['members', ALL_DISABLED] : [`members - ${ENDED}`, DISABLED];
  const members = {
    null: { state: '', count: all },
    true: { state: 'and not m.is_disabled', count: `${all} - ${disabled}` },
    false: { state: 'and m.is_disabled', count: disabled },
  }[`${isActive}`];
  const rows = includesEnded ? ROWS_WITH_ENDED : ROWS;
  return [
    ...(hasMembers ? [{ kind: 'member' as const, rows: rows.member, ...members }] : []),
    ...(hasPending ? [{ kind: 'pending' as const, rows: rows.pending, state: '', count: 'pending' }] : []),
  ];
}

const countOf = (states: States): string =>
  kindsOf(states)
    .map(({ count }) => count)
    .join(' + ');

/** At most one page of each kind, read from the index that has this order. */
const newestOf = (states: States): string =>
  kindsOf(states)
    .map(({ rows, state }) => `(${rows} ${state} ${ORDER} limit $2::bigint + $3::bigint)`)
    .join(' union all ');

const rowsOf = (states: States, conditions: readonly Condition[]): string =>
  kindsOf(states)
    .map(({ kind, rows, state }) => [`${rows} ${state}`, ...conditions.map((one) => one[kind])].join(' and '))
    .join(' union all ');

/** A condition in two forms: for a member `m` and for an invitation `i`. */
type Condition = Record<Kind, string>;
/** The condition that a text matches one of the globs; `like` is the condition for one pattern. */
type Any = (like: (pattern: string) => string) => string;

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

/** The conditions append their parameters to `values`. */
function nameConditions(
  { orgRoleIds, workspaces, workspaceRoleIds }: MatchingNames,
  values: unknown[],
): Condition[] {
  const conditions: Condition[] = [];
  if (orgRoleIds) {
    const roles = isOneOf(orgRoleIds, values);
    conditions.push({ member: hasRole('m', roles, atEndInOrg('$1')), pending: `i.org_role_id ${roles}` });
  }
  if (workspaces) {
    const where = inWorkspaces(workspaces, workspaceRoleIds, values);
    conditions.push({
      member: `m.user_id = any(array(select w.user_id from workspace_memberships w where ${where.member}))`,
      pending: isInvitedWhere(where.pending),
    });
  }
  return conditions;
}

function endConditions({ hasEnd, endsBefore }: EnrichedMembersFilter, values: unknown[]): Condition[] {
  const conditions: Condition[] = [];
  if (hasEnd !== null) {
    const not = hasEnd ? '' : 'not';
    conditions.push({
      member: `${not} (${MEMBERSHIP_ENDS})`,
      pending: `${not} (i.access_expires_at is not null)`,
    });
  }
  if (endsBefore !== null) {
    const time = `$${values.push(endsBefore)}::timestamptz`;
    conditions.push({
      member: `m.access_expires_at < ${time} and ${MEMBERSHIP_ENDS}`,
      pending: `i.access_expires_at < ${time}`,
    });
  }
  return conditions;
}
