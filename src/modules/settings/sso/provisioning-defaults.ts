import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../../../config/config.js';
import { OrgsRepository } from '../../orgs/index.js';
import { RolesService, systemRole } from '../../roles/index.js';
import { WorkspacesService } from '../../workspaces/index.js';
import { type SsoSetup, SsoSettingsRepository } from './sso-settings.repository.js';

/** What users get when single sign-on provisions them, and the rules for groups. */
export type Provisioning = {
  readonly workspaceIds: readonly string[];
  readonly workspaceRoleId: string;
  /** The SSO settings, or the default of every installation. `unusable` settings grant nothing. */
  readonly source: 'sso_settings' | 'first_workspace' | 'unusable';
  /** Null: groups are ignored. */
  readonly groups: GroupRules | null;
};

export type GroupRules = {
  readonly claimField: string;
  /** Sign-in requires a group that grants a role. */
  readonly isRequired: boolean;
  readonly grantRoles: boolean;
};

/** By default, the first workspace as Editor (docs/contract/organizations.md#defaults-for-new-members). */
@Injectable()
export class ProvisioningDefaults implements OnApplicationBootstrap {
  private readonly log = new Logger('Single sign-on');

  constructor(
    private readonly settings: SsoSettingsRepository,
    private readonly workspaces: WorkspacesService,
    private readonly roles: RolesService,
    private readonly orgs: OrgsRepository,
    private readonly config: Config,
  ) {}

  /** Logs if single sign-on would provision users into no workspace. */
  async onApplicationBootstrap(): Promise<void> {
    const org = this.config.sso && (await this.orgs.findDefault());
    if (!org) return;
    const problem = problemOf(await this.get(org.id));
    if (problem)
      this.log.warn(
        `The defaults of the default organization ${org.id} are unusable: ${problem}. ` +
          'An organization admin can correct this in the SSO settings (/api/v1/orgs/current/sso-settings).',
      );
  }

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

  /** A foreign key ensures that the workspaces exist, but not that the role is a workspace role. */
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

/** For the operator. Problems can only come from writes that bypassed the checks. */
function problemOf({ workspaceIds, source, workspaceRoleId }: Provisioning): string | null {
  if (source === 'unusable') return `${workspaceRoleId} is not a workspace role of this organization`;
  return workspaceIds.length === 0 ? 'there is no default workspace' : null;
}

const groupRulesOf = (settings: SsoSetup['settings']): GroupRules | null =>
  settings.ssoGroupsEnabled
    ? {
        claimField: settings.ssoGroupsClaimField,
        isRequired: settings.ssoGroupsRequired,
        grantRoles: settings.ssoGroupsRoleSyncEnabled,
      }
    : null;
