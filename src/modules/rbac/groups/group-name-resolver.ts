import { type MemberRoleName, parseGroupName } from './group-name.js';

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
export type GroupNameMeaning = GroupGrant | { kind: 'malformed' | 'unknown' | 'ambiguous' };

type Named = { readonly id: string; readonly displayName: string };

/** The workspaces of one organization and the workspace roles that it can use. */
export type GroupTargets = { readonly workspaces: readonly Named[]; readonly roles: readonly Named[] };

/** What a name could give; null where the organization has no workspace, or no role, of that name. */
export type PossibleGrant =
  | { readonly kind: 'admin' }
  | {
      readonly kind: 'workspace';
      readonly orgRole: MemberRoleName;
      readonly workspaceId: string | null;
      readonly roleId: string | null;
    };

/** Everything that a name gives, or would give under another separator or with a workspace made later. */
export function possibleGrants(
  name: string,
  separators: Iterable<string>,
  { workspaces, roles }: GroupTargets,
): PossibleGrant[] {
  const [workspaceIds, roleIds] = [idsByName(workspaces), idsByName(roles)];
  return [...new Set(separators)].flatMap((separator) => {
    const reading = parseGroupName(name, separator);
    const admins: PossibleGrant[] = reading.isAdmin ? [{ kind: 'admin' }] : [];
    const others = reading.workspaces.flatMap(({ orgRole, workspaceName, roleName }) =>
      (workspaceIds.get(workspaceName) ?? [null]).flatMap((workspaceId) =>
        (roleIds.get(roleName) ?? [null]).map((roleId) => ({ kind, orgRole, workspaceId, roleId })),
      ),
    );
    return [...admins, ...others];
  });
}

/** Reads many names of one organization; workspaces and roles are known by their exact display names. */
export class GroupNameResolver {
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
  resolve(name: string): GroupNameMeaning {
    const { isAdmin, workspaces } = parseGroupName(name, this.separator);
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
