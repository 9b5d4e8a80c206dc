import {
  type EnrichedMembersFilter,
  membersAndPending,
  ORDER,
  ROWS,
} from './enriched-member-rows.statements.js';
import type { MatchingNames } from './matching-names.statements.js';

/** Matching workspaces of which the largest has at least this part of all members. */
const LARGE = 1 / 4;

type LargeWorkspace = { readonly id: string; readonly others: readonly string[] };

/** The largest of the workspaces and the others, if it is large and nothing but the workspaces filters members. */
export function largeWorkspaceOf(
  { workspaces, workspaceRoleIds, members }: MatchingNames,
  { names, emails, orgRoles, isActive, isPending }: EnrichedMembersFilter,
): LargeWorkspace | null {
  const [largest, ...others] = workspaces ?? [];
  if (!largest || largest.members < LARGE * members) return null;
  if (isActive !== null || isPending === true) return null;
  if (names ?? emails ?? orgRoles ?? workspaceRoleIds) return null;
  return { id: largest.id, others: others.map(({ id }) => id) };
}

/**
 * The members of all these workspaces: instead of reading them all, the page reads the newest members of the organization
 * until it is full, and the total is the headcount of the largest workspace and, unless all are in it, the members of only
 * the others. `is true` keeps the planner from joining whole workspaces.
 */
export function pageOfLargeWorkspace(
  { id, others }: LargeWorkspace,
  { isPending }: EnrichedMembersFilter,
  values: unknown[],
): string {
  const [largest, rest] = [`$${values.push(id)}::uuid`, `$${values.push(others)}::uuid[]`];
  const isHere = `(w.workspace_id = ${largest} or w.workspace_id = any(${rest}))`;
  const inLargest = `(select members from workspace_headcounts where workspace_id = ${largest})`;
  const all = '(select members from headcounts where org_id = $1)';
  const onlyInRest = `(
    select count(*)::int from (select distinct user_id from workspace_memberships where workspace_id = any(${rest})) o
    where exists (
      select from workspace_memberships w where w.workspace_id = ${largest} and w.user_id = o.user_id) is not true)`;
  const total = `${inLargest} + case when ${inLargest} = ${all} then 0 else ${onlyInRest} end`;
  const newest = `(
    ${ROWS.member} and exists (
      select from workspace_memberships w where w.org_id = m.org_id and w.user_id = m.user_id and ${isHere}) is true
    ${ORDER} limit $2::bigint + $3::bigint)`;
  const pending = `${ROWS.pending} and i.id = any(array(
    select w.invitation_id from invitation_workspaces w where ${isHere}))`;
  const page = (people: string) =>
    `page as materialized (select * from (${people}) people ${ORDER} limit $2 offset $3)`;
  if (isPending === false) return `with ${page(newest)} ${membersAndPending(total)}`;
  return `
    with pending as materialized (${pending}), ${page(`${newest} union all select * from pending`)}
    ${membersAndPending(`${total} + (select count(*)::int from pending)`)}`;
}
