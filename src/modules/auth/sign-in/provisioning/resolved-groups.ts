import type { Permission } from '../../../../common/access/permissions.js';
import { type GroupNameMeaning, highestOrgRole, mayGrant, type OrgRoleName } from '../../../roles/index.js';
import type { ClaimedGroups } from './group-claim.js';

/** What the groups of a login grant in one organization. */
export type ResolvedGroups = {
  readonly orgRole: OrgRoleName;
  /** Role id by workspace id. */
  readonly workspaceRoles: ReadonlyMap<string, string>;
  readonly counts: GroupCounts;
  /** The names that user groups follow. */
  readonly followed: readonly string[];
};

/** How many groups granted something, and how many did not and why. Without names, which are claims of the user. */
type GroupCounts = {
  readonly granting: number;
  readonly malformed: number;
  readonly unknown: number;
  /** Groups of a workspace whose name does not count. */
  readonly unconfirmed: number;
  readonly ambiguous: number;
  /** Workspaces in which no group's role includes the permissions of all others. */
  readonly conflicting: number;
};

/**
 * Merges all groups: the highest organization role, and per workspace the role that includes the permissions of all
 * others. A claim does not tell which group is newest, as SCIM does, so roles that cannot be compared grant nothing.
 * Names that user groups follow (`followedBy`) are no mistakes, if they grant nothing.
 */
export function resolveGroups(
  { names, unreadable }: ClaimedGroups,
  meaningOf: (name: string) => GroupNameMeaning,
  permissionsOf: (roleId: string) => readonly Permission[],
  followedBy: (name: string) => readonly string[] = () => [],
): ResolvedGroups {
  const meanings = names.map(meaningOf);
  const isFollowed = names.map((name) => followedBy(name).length > 0);
  const count = (kind: GroupNameMeaning['kind']) =>
    meanings.filter((meaning) => meaning.kind === kind).length;
  const countIdle = (kind: GroupNameMeaning['kind']) =>
    meanings.filter((meaning, index) => meaning.kind === kind && !isFollowed[index]).length;
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
  const grants = strongest.filter((entry): entry is [string, string] => entry[1] !== null);
  return {
    orgRole: orgRoleOf(meanings),
    workspaceRoles: new Map(grants),
    counts: {
      granting: count('admin') + count('workspace'),
      malformed: countIdle('malformed') + unreadable,
      unknown: countIdle('unknown'),
      unconfirmed: countIdle('unconfirmed'),
      ambiguous: countIdle('ambiguous'),
      conflicting: strongest.length - grants.length,
    },
    followed: names.flatMap(followedBy),
  };
}

/** Organization User if no group grants another role (docs/contract/sign-in.md#group-claim). */
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
