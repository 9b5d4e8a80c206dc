import { getOrThrow } from '../../common/collections.js';
import { type MemberRoleName, type ParsedWorkspaceRole, parseGroupName } from './group-name.js';

type WorkspaceGrant = {
  kind: 'workspace';
  orgRole: MemberRoleName;
  workspaceId: string;
  roleId: string;
};
type GroupGrant = { kind: 'admin' } | WorkspaceGrant;

/**
 * The grant of a group, or why there is none: its name has another form (malformed), contains an unknown workspace or
 * role (unknown) or a workspace whose name does not count (unconfirmed), or can be read in more than one way (ambiguous;
 * docs/contract/scim.md#group-names).
 */
export type GroupNameMeaning = GroupGrant | { kind: 'malformed' | 'unknown' | 'unconfirmed' | 'ambiguous' };

type Named = { readonly id: string; readonly displayName: string };

/** The workspaces of one organization and the workspace roles that it can use. */
export type GroupTargets = {
  readonly workspaces: readonly NamedWorkspace[];
  readonly roles: readonly Named[];
};

/** `nameSetByAdmin`: an Organization Admin set the name, so that it may also make operators. */
type NamedWorkspace = Named & { readonly nameCountsInGroups: boolean; readonly nameSetByAdmin: boolean };

/** A grant that a name could mean; a field is null if the organization has no workspace, or no role, of that name. */
export type PossibleGrant =
  | { readonly kind: 'admin' }
  | {
      readonly kind: 'workspace';
      readonly orgRole: MemberRoleName;
      readonly workspaceId: string | null;
      readonly roleId: string | null;
    };

/** All grants of a name, now, with another separator, or with a workspace created later. */
export function possibleGrants(
  name: string,
  separators: Iterable<string>,
  { workspaces, roles }: GroupTargets,
): PossibleGrant[] {
  const counting = workspaces.filter(({ nameCountsInGroups }) => nameCountsInGroups);
  const [workspaceIds, roleIds] = [idsByName(counting), idsByName(roles)];
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

/** Resolves names for one organization, by exact display names of workspaces and roles. */
export class GroupNameResolver {
  private readonly workspaceIds: IdsByName;
  private readonly workspaces: ReadonlyMap<string, NamedWorkspace>;
  private readonly roleIds: IdsByName;

  constructor(
    { workspaces, roles }: GroupTargets,
    private readonly separator: string,
  ) {
    this.workspaceIds = idsByName(workspaces);
    this.workspaces = new Map(workspaces.map((workspace) => [workspace.id, workspace]));
    this.roleIds = idsByName(roles);
  }

  /**
   * A name that could mean admins as well as a workspace role is ambiguous even if no such workspace exists: granting
   * Organization Admin by mistake would grant too much.
   */
  resolve(name: string): GroupNameMeaning {
    const { isAdmin, workspaces } = parseGroupName(name, this.separator);
    if (isAdmin) return workspaces.length === 0 ? { kind: 'admin' } : { kind: 'ambiguous' };
    if (workspaces.length === 0) return { kind: 'malformed' };
    const grants = this.grantsOf(workspaces);
    const [grant, ...others] = grants.filter((one) => this.counts(one));
    if (grant) return others.length === 0 ? grant : { kind: 'ambiguous' };
    return { kind: grants.length > 0 ? 'unconfirmed' : 'unknown' };
  }

  private grantsOf(readings: readonly ParsedWorkspaceRole[]): WorkspaceGrant[] {
    return readings.flatMap(({ orgRole, workspaceName, roleName }) =>
      (this.workspaceIds.get(workspaceName) ?? []).flatMap((workspaceId) =>
        (this.roleIds.get(roleName) ?? []).map((roleId) => ({ kind, orgRole, workspaceId, roleId })),
      ),
    );
  }

  private counts({ orgRole, workspaceId }: WorkspaceGrant): boolean {
    const { nameCountsInGroups, nameSetByAdmin } = getOrThrow(this.workspaces, workspaceId);
    return nameCountsInGroups && (nameSetByAdmin || orgRole !== 'ORGANIZATION_OPERATOR');
  }
}

const kind = 'workspace' as const;

type IdsByName = ReadonlyMap<string, readonly string[]>;

function idsByName(rows: readonly Named[]): IdsByName {
  const ids = new Map<string, string[]>();
  for (const { id, displayName } of rows) ids.set(displayName, [...(ids.get(displayName) ?? []), id]);
  return ids;
}
