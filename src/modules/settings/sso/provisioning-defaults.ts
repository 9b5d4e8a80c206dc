import { Injectable } from '@nestjs/common';
import { RolesService, systemRole } from '../../rbac/index.js';
import { WorkspacesService } from '../../workspaces/index.js';
import { type SsoSetup, SsoSettingsRepository } from './sso-settings.repository.js';

/** Where newcomers of single sign-on arrive, and what groups mean for everybody who comes that way. */
export type Provisioning = {
  readonly workspaceIds: readonly string[];
  /** In each of them. */
  readonly workspaceRoleId: string;
  /** The settings' own choice, or what every installation has without them. */
  readonly source: 'sso_settings' | 'first_workspace';
  /** Null: groups play no part. */
  readonly groups: GroupRules | null;
};

export type GroupRules = {
  readonly claimField: string;
  /** Nobody signs in without a group that gives something. */
  readonly areRequired: boolean;
  readonly giveRoles: boolean;
};

/** What single sign-on gives in an organization; out of the box its first workspace as Editor (semantics, section 4). */
@Injectable()
export class ProvisioningDefaults {
  constructor(
    private readonly settings: SsoSettingsRepository,
    private readonly workspaces: WorkspacesService,
    private readonly roles: RolesService,
  ) {}

  async of(orgId: string): Promise<Provisioning> {
    const setup = await this.settings.find(orgId);
    if (setup) return fromSetup(setup);
    const first = await this.workspaces.findFirst(orgId);
    return {
      workspaceIds: first ? [first.id] : [],
      workspaceRoleId: systemRole('WORKSPACE_USER').id,
      source: 'first_workspace',
      groups: null,
    };
  }

  /** What is wrong with them, as sentences for the operator. Changes are checked, so this is for what got around that. */
  async problems(orgId: string): Promise<string[]> {
    const { workspaceIds, workspaceRoleId } = await this.of(orgId);
    const existing = await this.workspaces.findByIds(orgId, workspaceIds);
    const role = (await this.roles.findByIds(orgId, [workspaceRoleId])).get(workspaceRoleId);
    return [
      ...workspaceIds.filter((id) => !existing.has(id)).map((id) => `there is no workspace ${id}`),
      ...(workspaceIds.length === 0 ? ['there is no workspace to arrive in'] : []),
      ...(role?.accessScope === 'workspace' ? [] : [`${workspaceRoleId} is no workspace role of it`]),
    ];
  }
}

const fromSetup = ({ settings, defaultWorkspaceIds }: SsoSetup): Provisioning => ({
  workspaceIds: defaultWorkspaceIds,
  workspaceRoleId: settings.defaultWorkspaceRoleId,
  source: 'sso_settings',
  groups: settings.ssoGroupsEnabled
    ? {
        claimField: settings.ssoGroupsClaimField,
        areRequired: settings.ssoGroupsRequired,
        giveRoles: settings.ssoGroupsRoleSyncEnabled,
      }
    : null,
});
