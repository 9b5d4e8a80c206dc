import { Injectable } from '@nestjs/common';
import { Config } from '../../../../config/config.js';
import type { Org } from '../../../orgs/index.js';
import { type GroupNameMeaning, GroupNameResolver, RolesService } from '../../../roles/index.js';
import type { GroupRules } from '../../../settings/index.js';
import { SynchronizedMembersRepository } from '../../../user-groups/index.js';
import { WorkspacesService } from '../../../workspaces/index.js';
import { claimedGroups } from './group-claim.js';
import { type ResolvedGroups, resolveGroups } from './resolved-groups.js';

/** Reads the groups of a login and what they grant in the organization. */
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
      (name) => meaningOf(this.configured(name), meanings),
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
 * follows it: whoever manages a subgroup chooses its name (docs/contract/sign-in.md#group-claim).
 */
const meaningOf = (name: string, meanings: GroupNameResolver): GroupNameMeaning =>
  /^\/[^/]*\//.test(name) ? { kind: 'malformed' } : meanings.resolve(name.replace(/^\//, ''));
