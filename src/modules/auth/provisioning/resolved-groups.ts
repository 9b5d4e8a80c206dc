import type { Permission } from '../../../common/access/permissions.js';
import { type GroupNameMeaning, highestOrgRole, mayGrant, type OrgRoleName } from '../../rbac/index.js';
import type { ClaimedGroups } from './group-claim.js';

/** What the groups of a login come to in one organization. */
export type ResolvedGroups = {
  readonly orgRole: OrgRoleName;
  /** Role by workspace. */
  readonly workspaceRoles: ReadonlyMap<string, string>;
  readonly counts: GroupCounts;
};

/** How many groups gave something, and how many nothing and why; names are claims, and stay out of the log. */
type GroupCounts = {
  readonly granting: number;
  readonly malformed: number;
  readonly unknown: number;
  readonly ambiguous: number;
  /** Workspaces whose groups give roles of which none holds all that the others do. */
  readonly conflicting: number;
};

/**
 * All groups together: the highest organization role of any; in each workspace the role that holds everything the others
 * do. A claim does not say which group is newest, as SCIM does, so two roles that cannot be compared give nothing.
 */
export function resolveGroups(
  { names, unreadable }: ClaimedGroups,
  meaningOf: (name: string) => GroupNameMeaning,
  permissionsOf: (roleId: string) => readonly Permission[],
): ResolvedGroups {
  const meanings = names.map(meaningOf);
  const count = (kind: GroupNameMeaning['kind']) =>
    meanings.filter((meaning) => meaning.kind === kind).length;
  const roleIdsByWorkspace = new Map<string, Set<string>>();
  for (const meaning of meanings)
    if (meaning.kind === 'workspace')
      roleIdsByWorkspace.set(
        meaning.workspaceId,
        (roleIdsByWorkspace.get(meaning.workspaceId) ?? new Set()).add(meaning.roleId),
      );
  const strongest = [...roleIdsByWorkspace].map(
    ([id, roleIds]) => [id, strongestOf([...roleIds], permissionsOf)] as const,
  );
  const places = strongest.filter((entry): entry is [string, string] => entry[1] !== null);
  return {
    orgRole: orgRoleOf(meanings),
    workspaceRoles: new Map(places),
    counts: {
      granting: count('admin') + count('workspace'),
      malformed: count('malformed') + unreadable,
      unknown: count('unknown'),
      ambiguous: count('ambiguous'),
      conflicting: strongest.length - places.length,
    },
  };
}

/**
 * Without any group: Organization User, which is also what the last admin group leaves behind (contract decision 41).
 */
function orgRoleOf(meanings: readonly GroupNameMeaning[]): OrgRoleName {
  const roles = meanings.flatMap((meaning): OrgRoleName[] => {
    if (meaning.kind === 'admin') return ['ORGANIZATION_ADMIN'];
    return meaning.kind === 'workspace' ? [meaning.orgRole] : [];
  });
  return highestOrgRole(roles) ?? 'ORGANIZATION_USER';
}

function strongestOf(
  roleIds: readonly string[],
  permissionsOf: (roleId: string) => readonly Permission[],
): string | null {
  const holdsAll = (roleId: string) => {
    const held = new Set(permissionsOf(roleId));
    return roleIds.every((other) => mayGrant(held, permissionsOf(other)));
  };
  return roleIds.find(holdsAll) ?? null;
}
