import { Injectable } from '@nestjs/common';
import { RolesService, systemRole } from '../../rbac/index.js';
import { WorkspacesService } from '../../workspaces/index.js';
import { type SsoSetup, SsoSettingsRepository } from './sso-settings.repository.js';

/** Where newcomers of single sign-on arrive, and what groups mean for everybody who comes that way. */
export type Provisioning = {
  readonly workspaceIds: readonly string[];
  /** In each of them. */
  readonly workspaceRoleId: string;
  /** The settings' own choice, or what every installation has without them; what is unusable gives nothing. */
  readonly source: 'sso_settings' | 'first_workspace' | 'unusable';
  /** Null: groups play no part. */
  readonly groups: GroupRules | null;
};

export type GroupRules = {
  readonly claimField: string;
  /** Nobody signs in without a group that gives something. */
  readonly isRequired: boolean;
  readonly grantRoles: boolean;
};

/** What single sign-on gives in an organization; out of the box its first workspace as Editor (semantics, section 4). */
@Injectable()
export class ProvisioningDefaults {
  constructor(
    private readonly settings: SsoSettingsRepository,
    private readonly workspaces: WorkspacesService,
    private readonly roles: RolesService,
  ) {}

  async get(orgId: string): Promise<Provisioning> {
    const setup = await this.settings.find(orgId);
    if (setup) return this.resolve(setup);
    const first = await this.workspaces.findFirst(orgId);
    return {
      workspaceIds: first ? [first.id] : [],
      workspaceRoleId: systemRole('WORKSPACE_USER').id,
      source: 'first_workspace',
      groups: null,
    };
  }

  /** What is wrong with them, as sentences for the operator. Changes are checked, so this is for what got around that. */
  async findProblems(orgId: string): Promise<string[]> {
    const { workspaceIds, source, workspaceRoleId } = await this.get(orgId);
    if (source === 'unusable') return [`${workspaceRoleId} is no workspace role of it`];
    return workspaceIds.length === 0 ? ['there is no workspace to arrive in'] : [];
  }

  /** That the workspaces exist is kept by a foreign key; that the role is one for them is not. */
  private async resolve({ settings, defaultWorkspaceIds }: SsoSetup): Promise<Provisioning> {
    const { orgId, defaultWorkspaceRoleId: roleId } = settings;
    const role = (await this.roles.findByIds(orgId, [roleId])).get(roleId);
    const isUsable = role?.accessScope === 'workspace';
    return {
      workspaceIds: isUsable ? defaultWorkspaceIds : [],
      workspaceRoleId: roleId,
      source: isUsable ? 'sso_settings' : 'unusable',
      groups: groupRulesOf(settings),
    };
  }
}

const groupRulesOf = (settings: SsoSetup['settings']): GroupRules | null =>
  settings.ssoGroupsEnabled
    ? {
        claimField: settings.ssoGroupsClaimField,
        isRequired: settings.ssoGroupsRequired,
        grantRoles: settings.ssoGroupsRoleSyncEnabled,
      }
    : null;
