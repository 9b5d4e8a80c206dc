import { Injectable } from '@nestjs/common';
import type { Permission } from '../../../../common/access/permissions.js';
import { zip } from '../../../../common/collections.js';
import { isJsonObject } from '../../../../common/json.js';
import { Config } from '../../../../config/config.js';
import type { Org } from '../../../orgs/index.js';
import {
  type GroupNameMeaning,
  GroupNameResolver,
  highestOrgRole,
  mayGrant,
  type OrgRoleName,
  RolesService,
} from '../../../roles/index.js';
import type { GroupRules } from '../../../settings/index.js';
import { SynchronizedMembersRepository } from '../../../user-groups/index.js';
import { WorkspacesService } from '../../../workspaces/index.js';

@Injectable()
export class ResolveClaimedGroups {
  constructor(
    private readonly workspaces: WorkspacesService,
    private readonly roles: RolesService,
    private readonly following: SynchronizedMembersRepository,
    private readonly config: Config,
  ) {}

  /** Null if the provider did not send the groups. */
  async run(
    org: Org,
    { claimField }: GroupRules,
    claims: Readonly<Record<string, unknown>>,
  ): Promise<ResolvedGroups | null> {
    const claimed = claimedGroups(claims, claimField);
    if (!claimed) return null;
    const roles = (await this.roles.listForOrg(org.id)).filter(
      ({ accessScope }) => accessScope === 'workspace',
    );
    const workspaces = await this.workspaces.listByOrg(org.id);
    const meanings = new GroupNameResolver({ workspaces, roles }, org.scimGroupNameSeparator);
    const permissions = new Map(roles.map((role) => [role.id, role.permissions]));
    const followed = await this.following.listFollowed(org.id, claimed.names.flatMap(this.namesOf));
    return resolveGroups(
      claimed,
      (name) => toMeaning(this.configured(name), meanings),
      (roleId) => permissions.get(roleId) ?? [],
      (name) => this.namesOf(name).filter((one) => followed.has(one)),
    );
  }

  private readonly configured = (name: string) => configuredName(name, this.config.sso?.groupNames);
  /** A user group may follow the value of the claim or the name that the operator gave to it. */
  private readonly namesOf = (name: string) => [name.trim(), this.configured(name)];
}

/** The name that OAUTH_GROUP_NAMES gives to the value of a claim, for example to the id of a group at Entra ID. */
const configuredName = (name: string, names: Readonly<Record<string, string>> = {}): string =>
  (Object.hasOwn(names, name) ? names[name] : undefined) ?? name;

/**
 * Keycloak writes "/Organization Admins" for a group without a parent. A path with a second slash grants nothing, whatever
 * follows it: anyone who manages a subgroup chooses its name (docs/contract/sign-in.md#group-claim).
 */
const toMeaning = (name: string, meanings: GroupNameResolver): GroupNameMeaning =>
  /^\/[^/]*\//.test(name) ? { kind: 'malformed' } : meanings.resolve(name.replace(/^\//, ''));

type ClaimedGroups = { readonly names: readonly string[]; readonly unreadable: number };

type Claims = Readonly<Record<string, unknown>>;

const NO_GROUPS: ClaimedGroups = { names: [], unreadable: 0 };

/**
 * Reads the groups claim (docs/contract/sign-in.md#group-claim). A missing claim means no groups, unless `_claim_names`
 * refers to another source (OpenID Connect Core 1.0, section 5.6.2), as Entra does for too many groups: then
 * memberships stay. `field`: a claim, or the path of a nested one such as `realm_access.roles`.
 */
export function claimedGroups(claims: Claims, field: string): ClaimedGroups | null {
  const value = valueAt(claims, field);
  if (typeof value === 'string') return { names: [value], unreadable: 0 };
  if (Array.isArray(value)) {
    const names = value.filter((name): name is string => typeof name === 'string');
    return { names: [...new Set(names)], unreadable: value.length - names.length };
  }
  if (isJsonObject(value))
    return Object.values(value).every(isJsonObject) ? { ...NO_GROUPS, names: Object.keys(value) } : null;
  const isAbsent = value === null || value === undefined;
  return isAbsent && !isDistributedClaim(claims['_claim_names'], field) ? NO_GROUPS : null;
}

/** A claim with that very name comes first, since names of claims may be URLs. */
export function valueAt(claims: Claims, field: string): unknown {
  if (Object.hasOwn(claims, field)) return claims[field];
  const steps = field.split('.');
  return steps.reduce<unknown>(
    (value, step) => (isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined),
    claims,
  );
}

const isDistributedClaim = (names: unknown, field: string): boolean =>
  isJsonObject(names) && [field, ...field.split('.', 1)].some((name) => Object.hasOwn(names, name));

export type ResolvedGroups = {
  readonly orgRole: OrgRoleName;
  /** Role id by workspace id. */
  readonly workspaceRoles: ReadonlyMap<string, string>;
  readonly counts: GroupCounts;
  readonly followed: readonly string[];
  readonly names: readonly ClaimedGroup[];
};

export type ClaimedGroup = {
  readonly name: string;
  readonly meaning: GroupNameMeaning;
  readonly isFollowed: boolean;
};

/**
 * How many groups granted something, and how many did not and why; without names, which are claims of the user.
 * `conflicting`: workspaces in which no group's role includes the permissions of all others.
 */
type GroupCounts = Readonly<
  Record<'granting' | 'malformed' | 'unknown' | 'unconfirmed' | 'ambiguous' | 'conflicting', number>
>;

/**
 * Merges all groups: the highest organization role, and per workspace the role that includes the permissions of all
 * others. A claim does not show which group is newest, as SCIM does, so roles that cannot be compared grant nothing.
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
  const inWorkspaces = meanings.filter((meaning) => meaning.kind === 'workspace');
  const byWorkspace = Map.groupBy(inWorkspaces, ({ workspaceId }) => workspaceId);
  const strongest = [...byWorkspace].map(([id, meant]) => {
    const roleIds = meant.map(({ roleId }) => roleId);
    return [id, strongestOf(roleIds, permissionsOf)] as const;
  });
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
    names: zip(names, zip(meanings, isFollowed)).map(([name, [meaning, followed]]) => ({
      name,
      meaning,
      isFollowed: followed,
    })),
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

type ExistingMembership = Readonly<Record<'id' | 'workspaceId' | 'roleId' | 'source', string>>;

/** Only memberships with source `sso_group` are changed or removed (docs/contract/members.md#provenance). */
export function groupChanges(
  existing: readonly ExistingMembership[],
  { workspaceRoles }: Pick<ResolvedGroups, 'workspaceRoles'>,
) {
  const ownMemberships = existing.filter(({ source }) => source === 'sso_group');
  const existingIds = new Set(existing.map(({ workspaceId }) => workspaceId));
  return {
    added: [...workspaceRoles].flatMap(([workspaceId, roleId]) =>
      existingIds.has(workspaceId) ? [] : [{ workspaceId, roleId }],
    ),
    changed: ownMemberships.flatMap(({ id, workspaceId, roleId }) => {
      const requestedRoleId = workspaceRoles.get(workspaceId);
      return requestedRoleId && requestedRoleId !== roleId
        ? [{ id, workspaceId, roleId: requestedRoleId }]
        : [];
    }),
    removed: ownMemberships.flatMap(({ id, workspaceId }) =>
      workspaceRoles.has(workspaceId) ? [] : [{ id, workspaceId }],
    ),
  };
}
