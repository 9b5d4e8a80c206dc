import { Injectable } from '@nestjs/common';
import type { BootstrapItemOf } from '../../../config/bootstrap-items.js';
import { AuditTrail, operatorIn } from '../../audit/index.js';
import { type OrgChanges, OrgsService } from '../../orgs/index.js';
import { systemRole } from '../../rbac/index.js';
import { SsoSettingsService } from '../../settings/index.js';
import { WorkspacesService } from '../../workspaces/index.js';
import { WorkspacesByName } from './workspaces-by-name.js';

/** Gives an organization a setting, a workspace or settings for single sign-on, in the open transaction. */
@Injectable()
export class SetUpOrganization {
  constructor(
    private readonly orgs: OrgsService,
    private readonly workspaces: WorkspacesService,
    private readonly workspacesByName: WorkspacesByName,
    private readonly ssoSettings: SsoSettingsService,
    private readonly audit: AuditTrail,
  ) {}

  apply(orgId: string, item: BootstrapItemOf<'setting' | 'workspace' | 'sso_settings'>): Promise<void> {
    switch (item.kind) {
      case 'setting':
        return this.changeSetting(orgId, item);
      case 'workspace':
        return this.createWorkspace(orgId, item);
      case 'sso_settings':
        return this.installSsoSettings(orgId, item);
    }
  }

  private async changeSetting(orgId: string, { name, value }: BootstrapItemOf<'setting'>): Promise<void> {
    await this.orgs.update(orgId, { [FIELDS[name]]: value });
    await this.audit.record(operatorIn(orgId), 'update_organization_info', [orgId]);
  }

  /** A workspace of that name is taken as it is. */
  private async createWorkspace(
    orgId: string,
    { name, handle }: BootstrapItemOf<'workspace'>,
  ): Promise<void> {
    if (await this.workspacesByName.has(orgId, name)) return;
    const actor = operatorIn(orgId);
    const input = { id: null, displayName: name, tenantHandle: handle };
    const org = await this.orgs.get(orgId);
    const { id } = await this.workspaces.insert(org, input, { actor, admin: null, nameSetByAdmin: true });
    await this.audit.record(actor, 'create_workspace', [id], { workspaceId: id });
  }

  private async installSsoSettings(orgId: string, item: BootstrapItemOf<'sso_settings'>): Promise<void> {
    await this.ssoSettings.install(orgId, {
      defaultWorkspaceIds: await this.workspacesByName.idsOf(orgId, item.workspaces),
      defaultWorkspaceRoleId: systemRole(item.workspaceRole).id,
      ssoGroupsEnabled: item.groupsEnabled,
      ssoGroupsClaimField: item.groupsClaim,
    });
  }
}

const FIELDS = {
  invites_enabled: 'invitesEnabled',
  jit_provisioning_enabled: 'jitProvisioningEnabled',
  pat_creation_disabled: 'patCreationDisabled',
  workspace_admin_can_invite_to_org: 'workspaceAdminCanInviteToOrg',
} as const satisfies Record<BootstrapItemOf<'setting'>['name'], keyof OrgChanges>;
