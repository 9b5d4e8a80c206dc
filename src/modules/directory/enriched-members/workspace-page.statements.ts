import { memberCountOfOrg, memberCountOfWorkspace } from '../../members/index.js';
import {
  type EnrichedMembersFilter,
  inWorkspaces,
  isInvitedWhere,
  membersAndPending,
  ORDER,
  ROWS,
  type MatchingNames,
} from './enriched-member-filter.statements.js';

/** A workspace with at least this part of all members is not read. */
const LARGE = 1 / 4;
/** A hash table of so many ids fits into 2 MB, half of PostgreSQL's default `work_mem`. */
const MAX_HASHED = 50_000;

/** Matching workspaces, largest first, and matching roles in them, if roles filter. */
type Places = { readonly workspaces: readonly Workspace[]; readonly roleIds: readonly string[] | null };
type Workspace = { readonly id: string; readonly members: number };

/** Null unless members are filtered by nothing but workspaces and their roles. */
export function placesOf(
  { workspaces, workspaceRoleIds }: MatchingNames,
  filter: EnrichedMembersFilter,
): Places | null {
  const { names, emails, orgRoles, isActive, ids, hasEnd, endsBefore } = filter;
  const hasOther = names ?? emails ?? orgRoles ?? isActive ?? ids ?? hasEnd ?? endsBefore;
  return workspaces === null || hasOther !== null || filter.isPending === true || filter.includesEnded
    ? null
    : { workspaces, roleIds: workspaceRoleIds };
}

/**
 * Reads the newest members of the organization until the page is full, if many of them match. `is true` keeps the planner
 * from joining, which would lose the order.
 */
export function pageOfPlaces(
  { workspaces, roleIds }: Places,
  { members, isPending }: Pick<MatchingNames, 'members'> & Pick<EnrichedMembersFilter, 'isPending'>,
  values: unknown[],
): string {
  const where = inWorkspaces(workspaces, roleIds, values);
  const [largest] = workspaces;
  const isLarge = roleIds === null && largest && largest.members >= LARGE * members;
  const { matching, newest, total } = isLarge
    ? inLarge(largest, workspaces, where.member, values)
    : byMatches(where.member);
  const pending = `${ROWS.pending} and ${isInvitedWhere(where.pending)}`;
  const hasPending = isPending === null;
  const people = hasPending ? `${newest} union all select * from pending` : newest;
  return `
    with ${matching} ${hasPending ? `pending as materialized (${pending}),` : ''}
      page as materialized (select * from (${people}) people ${ORDER} limit $2 offset $3)
    ${membersAndPending(hasPending ? `${total} + (select count(*)::int from pending)` : total)}`;
}

/** The first members of the organization, in the order of the page, who meet the condition. */
const newestWho = (condition: string) =>
  `(${ROWS.member} and ${condition} ${ORDER} limit $2::bigint + $3::bigint)`;

/** The total is the headcount of the largest workspace and, unless all are in it, the members of only the others. */
function inLarge(largest: Workspace, [, ...others]: readonly Workspace[], where: string, values: unknown[]) {
  const id = `$${values.push(largest.id)}::uuid`;
  const otherIds = `$${values.push(others.map((one) => one.id))}::uuid[]`;
  const inLargest = memberCountOfWorkspace(id);
  const onlyInOthers = `(
    select count(*)::int
    from (select distinct user_id from current_workspace_memberships where workspace_id = any(${otherIds})) o
    where exists (
      select from current_workspace_memberships w where w.workspace_id = ${id} and w.user_id = o.user_id) is not true)`;
  return {
    matching: '',
    newest: newestWho(`exists (
      select from workspace_memberships w where w.org_id = m.org_id and w.user_id = m.user_id and ${where}) is true`),
    total: `${inLargest} + case when ${inLargest} = ${MEMBERS} then 0 else ${onlyInOthers} end`,
  };
}

const MEMBERS = memberCountOfOrg('$1');

/** If one in a hundred matches, a page of 100 ends after some 10,000 members. */
function byMatches(where: string) {
  const count = '(select count(*)::int from matching)';
  const isWalked = `(${count} between ${MEMBERS} / 100 and ${MAX_HASHED})`;
  const walked = `${isWalked} and (m.user_id in (select user_id from matching limit ${MAX_HASHED})) is true`;
  const lookedUp = `${isWalked} is not true and m.user_id = any(array(select user_id from matching))`;
  return {
    matching: `matching as materialized (select distinct w.user_id from workspace_memberships w where ${where}),`,
    newest: `${newestWho(walked)} union all ${newestWho(lookedUp)}`,
    total: count,
  };
}
