import type { Statement } from '../../../database/sql.js';
import type { EnrichedMembersFilter, EnrichedMembersScope } from './enriched-member-rows.statements.js';
import { likePattern } from './glob.js';

/** What the globs for roles and workspaces match; null where they do not filter. */
export type MatchingNames = {
  readonly orgRoleIds: readonly string[] | null;
  readonly workspaceRoleIds: readonly string[] | null;
  /** Those that are shown, with their number of members, largest first. Not null if only their roles are filtered. */
  readonly workspaces: readonly { readonly id: string; readonly members: number }[] | null;
  /** Of the organization. */
  readonly members: number;
};

export const NO_NAMES: MatchingNames = {
  orgRoleIds: null,
  workspaceRoleIds: null,
  workspaces: null,
  members: 0,
};

export const filtersByNames = ({ orgRoles, workspaces, workspaceRoles }: EnrichedMembersFilter): boolean =>
  [orgRoles, workspaces, workspaceRoles].some((globs) => globs !== null);

export const matchingNamesOf = (
  { orgId, workspaceIds }: EnrichedMembersScope,
  { orgRoles, workspaces, workspaceRoles }: EnrichedMembersFilter,
): { statement: Statement; values: unknown[] } => ({
  statement: MATCHING_NAMES,
  values: [
    orgId,
    workspaceIds,
    patternsOf(orgRoles),
    patternsOf(workspaceRoles),
    workspaces !== null || workspaceRoles !== null,
    patternsOf(workspaces),
  ],
});

/** Null if everything matches. */
function patternsOf(globs: readonly string[] | null): string[] | null {
  const patterns = globs?.map(likePattern) ?? [];
  return patterns.length === 0 || patterns.includes('%') ? null : patterns;
}

const rolesLike = (patterns: string) => `case when ${patterns}::text[] is not null then array(
    select id from roles where (org_id is null or org_id = $1) and display_name ilike any(${patterns})) end`;

/**
 * $1 organization, $2 the workspaces that are shown (null: all), $3 and $4 patterns of roles, $5 whether workspaces filter,
 * $6 their patterns. The ids then are values of the page's statement, so that PostgreSQL knows how many members they have.
 */
const MATCHING_NAMES: Statement = {
  name: 'enriched_members_matching_names',
  text: `
    select ${rolesLike('$3')} as "orgRoleIds", ${rolesLike('$4')} as "workspaceRoleIds",
      case when $5 then (
        select coalesce(jsonb_agg(jsonb_build_object('id', w.id, 'members', coalesce(h.members, 0))
          order by h.members desc nulls last), '[]')
        from workspaces w left join workspace_headcounts h on h.workspace_id = w.id
        where w.org_id = $1 and ($2::uuid[] is null or w.id = any($2))
          and ($6::text[] is null or w.display_name ilike any($6))) end as workspaces,
      coalesce((select members from headcounts where org_id = $1), 0) as members`,
};
