import { type MemberRoleName, parseGroupName } from './group-name.js';

/**
 * The grant of a group, or why there is none: its name has another form (malformed), contains an unknown workspace or
 * role (unknown) or a workspace whose name does not count (unconfirmed), or can be read in more than one way (ambiguous;
 * docs/contract/scim.md#group-names).
 */
export type GroupNameMeaning =
  | { kind: 'admin' }
  | { kind: 'workspace'; orgRole: MemberRoleName; workspaceId: string; roleId: string }
  | { kind: 'malformed' | 'unknown' | 'unconfirmed' | 'ambiguous' };

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
  const workspacesByName = byName(workspaces.filter(({ nameCountsInGroups }) => nameCountsInGroups));
  const rolesByName = byName(roles);
  return [...new Set(separators)].flatMap((separator) => {
    const reading = parseGroupName(name, separator);
    const admins: PossibleGrant[] = reading.isAdmin ? [{ kind: 'admin' }] : [];
    const others = reading.workspaces.flatMap(({ orgRole, workspaceName, roleName }) =>
      (workspacesByName.get(workspaceName) ?? [null]).flatMap((workspace) =>
        (rolesByName.get(roleName) ?? [null]).map((role) => ({
          kind: 'workspace' as const,
          orgRole,
          workspaceId: workspace?.id ?? null,
          roleId: role?.id ?? null,
        })),
      ),
    );
    return [...admins, ...others];
  });
}

/** Resolves names for one organization, by exact display names of workspaces and roles. */
export class GroupNameResolver {
  private readonly workspaces: ReadonlyMap<string, readonly NamedWorkspace[]>;
  private readonly roles: ReadonlyMap<string, readonly Named[]>;

  constructor(
    { workspaces, roles }: GroupTargets,
    private readonly separator: string,
  ) {
    this.workspaces = byName(workspaces);
    this.roles = byName(roles);
  }

  /**
   * A name that could mean admins as well as a workspace role is ambiguous even if no such workspace exists: granting
   * Organization Admin by mistake would grant too much.
   */
  resolve(name: string): GroupNameMeaning {
    const { isAdmin, workspaces } = parseGroupName(name, this.separator);
    if (isAdmin) return workspaces.length === 0 ? { kind: 'admin' } : { kind: 'ambiguous' };
    if (workspaces.length === 0) return { kind: 'malformed' };
    const readings = workspaces.flatMap(({ orgRole, workspaceName, roleName }) =>
      (this.workspaces.get(workspaceName) ?? []).flatMap((workspace) =>
        (this.roles.get(roleName) ?? []).map((role) => ({ orgRole, workspace, role })),
      ),
    );
    const [reading, ...others] = readings.filter(counts);
    if (!reading) return { kind: readings.length > 0 ? 'unconfirmed' : 'unknown' };
    if (others.length > 0) return { kind: 'ambiguous' };
    const { orgRole, workspace, role } = reading;
    return { kind: 'workspace', orgRole, workspaceId: workspace.id, roleId: role.id };
  }
}

function counts({ workspace, orgRole }: { workspace: NamedWorkspace; orgRole: MemberRoleName }): boolean {
  const { nameCountsInGroups, nameSetByAdmin } = workspace;
  return nameCountsInGroups && (nameSetByAdmin || orgRole !== 'ORGANIZATION_OPERATOR');
}

const byName = <Row extends Named>(rows: readonly Row[]) =>
  Map.groupBy(rows, ({ displayName }) => displayName);
