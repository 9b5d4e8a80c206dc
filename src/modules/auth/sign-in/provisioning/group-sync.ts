import { Injectable } from '@nestjs/common';
import { getOrThrow } from '../../../../common/collections.js';
import { Config } from '../../../../config/config.js';
import type { AuditDetails } from '../../../audit/index.js';
import {
  OrgMembersService,
  SourcedMemberships,
  WorkspaceMembersService,
  createdByRule,
} from '../../../members/index.js';
import type { Org } from '../../../orgs/index.js';
import {
  type GroupNameMeaning,
  GroupNameResolver,
  ORG_ADMIN_ID,
  RolesService,
  systemRole,
} from '../../../rbac/index.js';
import type { GroupRules } from '../../../settings/index.js';
import { WorkspacesService } from '../../../workspaces/index.js';
import { claimedGroups } from './group-claim.js';
import { groupChanges } from './group-changes.js';
import { type ResolvedGroups, resolveGroups } from './resolved-groups.js';

const SOURCE = 'sso_group';
const ORG_USER = systemRole('ORGANIZATION_USER').id;

/** Applies the roles that groups of the identity provider grant, before the session of the login is opened. */
@Injectable()
export class GroupSync {
  constructor(
    private readonly workspaces: WorkspacesService,
    private readonly roles: RolesService,
    private readonly members: OrgMembersService,
    private readonly workspaceMembers: WorkspaceMembersService,
    private readonly memberships: SourcedMemberships,
    private readonly config: Config,
  ) {}

  /** Null if the provider did not send the groups. */
  async resolve(
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
    return resolveGroups(
      claimed,
      (name) => meaningOf(configuredName(name, this.config.sso?.groupNames), meanings),
      (roleId) => permissions.get(roleId) ?? [],
    );
  }

  /**
   * For members only; the caller must hold the roster lock. Returns the changes, for the audit entry with the id
   * `auditEntryId`.
   */
  async apply(
    { id: orgId }: Org,
    { userId, auditEntryId }: { userId: string; auditEntryId: string },
    resolved: ResolvedGroups,
  ): Promise<AuditDetails> {
    const orgRole = await this.applyOrgRole(orgId, userId, systemRole(resolved.orgRole).id);
    const existing = await this.workspaceMembers.listWorkspaceMemberships(orgId, [userId]);
    const { added, changed, removed } = groupChanges(existing, resolved);
    const provenance = createdByRule(SOURCE, auditEntryId);
    const workspaceMembers = added.map((membership) => ({ ...membership, userId, provenance }));
    await this.workspaceMembers.addAll(orgId, workspaceMembers);
    await this.memberships.changeWorkspaceRoles(orgId, SOURCE, changed);
    await this.memberships.removeFromWorkspaces(
      orgId,
      SOURCE,
      removed.map(({ id }) => id),
    );
    return {
      ...resolved.counts,
      org_role: orgRole,
      added_workspace_ids: added.map(({ workspaceId }) => workspaceId),
      changed_workspace_ids: changed.map(({ workspaceId }) => workspaceId),
      removed_workspace_ids: removed.map(({ workspaceId }) => workspaceId),
    };
  }

  /**
   * Groups change the org role of memberships that they created. They take over a membership of just-in-time
   * provisioning if they grant a higher role; without groups it falls back to Organization User. Memberships of other
   * sources stay unchanged (docs/contract/members.md#provenance).
   */
  private async applyOrgRole(orgId: string, userId: string, requested: string): Promise<string> {
    const { id, roleId, source } = getOrThrow(await this.members.findByUsers(orgId, [userId]), userId);
    const isRaised = source === 'jit' && roleId === ORG_USER && RAISES.has(requested);
    if (source !== SOURCE && !isRaised) return roleId === requested ? 'as_it_is' : 'given_by_others';
    if (requested === roleId) return 'as_it_is';
    if (roleId === ORG_ADMIN_ID && !(await this.memberships.hasOtherAdmin(orgId, userId)))
      return 'last_admin_stays';
    await this.memberships.changeOrgRole(orgId, id, requested, { from: source, to: SOURCE });
    return 'changed';
  }
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

/** Roles above Organization User, the role of just-in-time provisioning. */
const RAISES: ReadonlySet<string> = new Set([ORG_ADMIN_ID, systemRole('ORGANIZATION_OPERATOR').id]);
