import { type MemberRoleName, readGroupName } from './group-name.js';

type WorkspaceGrant = {
  kind: 'workspace';
  orgRole: MemberRoleName;
  workspaceId: string;
  roleId: string;
};
type GroupGrant = { kind: 'admin' } | WorkspaceGrant;

/**
 * What a group gives. Nothing, when its name follows no rule (malformed), names no workspace or role of the
 * organization (unknown), or can be read in more than one way (ambiguous; contract decision 31).
 */
export type GroupMeaning = GroupGrant | { kind: 'malformed' | 'unknown' | 'ambiguous' };

type Named = { readonly id: string; readonly displayName: string };

/** The workspaces of one organization and the workspace roles that it can use. */
export type GroupTargets = { readonly workspaces: readonly Named[]; readonly roles: readonly Named[] };

/** Reads many names of one organization; workspaces and roles are known by their exact display names. */
export class GroupMeanings {
  private readonly workspaceIds: ReadonlyMap<string, readonly string[]>;
  private readonly roleIds: ReadonlyMap<string, readonly string[]>;

  constructor(
    { workspaces, roles }: GroupTargets,
    private readonly separator: string,
  ) {
    this.workspaceIds = idsByName(workspaces);
    this.roleIds = idsByName(roles);
  }

  /** A name that could be the admins' as well as a workspace's is nobody's, whatever exists: it would give too much. */
  of(name: string): GroupMeaning {
    const { isAdmin, workspaces } = readGroupName(name, this.separator);
    if (isAdmin) return workspaces.length === 0 ? { kind: 'admin' } : { kind: 'ambiguous' };
    if (workspaces.length === 0) return { kind: 'malformed' };
    const grants = workspaces.flatMap(({ orgRole, workspaceName, roleName }) =>
      (this.workspaceIds.get(workspaceName) ?? []).flatMap((workspaceId) =>
        (this.roleIds.get(roleName) ?? []).map((roleId) => ({ kind, orgRole, workspaceId, roleId })),
      ),
    );
    if (grants.length === 1) return grants[0]!;
    return { kind: grants.length === 0 ? 'unknown' : 'ambiguous' };
  }
}

const kind = 'workspace' as const;

function idsByName(rows: readonly Named[]): Map<string, string[]> {
  const ids = new Map<string, string[]>();
  for (const { id, displayName } of rows) ids.set(displayName, [...(ids.get(displayName) ?? []), id]);
  return ids;
}
