import { Injectable } from '@nestjs/common';
import type { BootstrapItem, BootstrapItemOf } from '../../config/bootstrap-items.js';
import { AuditTrail, operatorIn } from '../audit/index.js';
import { InstallServiceKey } from '../auth/api-keys/index.js';
import { type OrgChanges, OrgsRepository } from '../orgs/index.js';
import { systemRole } from '../roles/index.js';
import { ScimTokensService } from '../scim/index.js';
import { SsoSettingsService } from '../settings/index.js';
import { SET_BY_ADMIN, WorkspacesService } from '../workspaces/index.js';
import { WorkspaceOfItemMissing } from './errors.js';

@Injectable()
export class SetUpOrganization {
  constructor(
    private readonly orgs: OrgsRepository,
    private readonly workspaces: WorkspacesService,
    private readonly ssoSettings: SsoSettingsService,
    private readonly installServiceKey: InstallServiceKey,
    private readonly scimTokens: ScimTokensService,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws WorkspaceOfItemMissing */
  apply(orgId: string, item: BootstrapItem): Promise<void> {
    switch (item.kind) {
      case 'setting':
        return this.changeSetting(orgId, item);
      case 'workspace':
        return this.createWorkspace(orgId, item);
      case 'sso_settings':
        return this.installSsoSettings(orgId, item);
      case 'service_key':
        return this.storeServiceKey(orgId, item);
      case 'scim_token':
        return this.scimTokens.install(orgId, item.name, item.secret);
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
    if ((await this.workspacesByName(orgId)).has(name)) return;
    const actor = operatorIn(orgId);
    const input = { id: null, displayName: name, tenantHandle: handle };
    const org = await this.orgs.get(orgId);
    const { id } = await this.workspaces.insert(org, input, { actor, admin: null, name: SET_BY_ADMIN });
    await this.audit.record(actor, 'create_workspace', [id], { workspaceId: id });
  }

  private async installSsoSettings(orgId: string, item: BootstrapItemOf<'sso_settings'>): Promise<void> {
    await this.ssoSettings.install(orgId, {
      defaultWorkspaceIds: await this.workspaceIdsOf(orgId, item.workspaces),
      defaultWorkspaceRoleId: systemRole(item.workspaceRole).id,
      ssoGroupsEnabled: item.groupsEnabled,
      ssoGroupsClaimField: item.groupsClaim,
    });
  }

  private async storeServiceKey(orgId: string, item: BootstrapItemOf<'service_key'>): Promise<void> {
    await this.installServiceKey.run(orgId, item.secret, {
      description: item.name,
      workspaceIds: await this.workspaceIdsOf(orgId, item.workspaces),
      workspaceRoleId: systemRole(item.workspaceRole).id,
      orgRoleId: item.orgRole && systemRole(item.orgRole).id,
    });
  }

  private async workspaceIdsOf(orgId: string, names: readonly string[]): Promise<string[]> {
    if (names.length === 0) return [];
    const ids = await this.workspacesByName(orgId);
    return [...new Set(names)].map((name) => {
      const id = ids.get(name);
      if (id === undefined) throw new WorkspaceOfItemMissing(name);
      return id;
    });
  }

  /** Of several workspaces with one name, the oldest. */
  private async workspacesByName(orgId: string): Promise<ReadonlyMap<string, string>> {
    const newestFirst = (await this.workspaces.listByOrg(orgId)).toReversed();
    return new Map(newestFirst.map(({ displayName, id }) => [displayName, id]));
  }
}

const FIELDS = {
  invites_enabled: 'invitesEnabled',
  jit_provisioning_enabled: 'jitProvisioningEnabled',
  pat_creation_disabled: 'patCreationDisabled',
  workspace_admin_can_invite_to_org: 'workspaceAdminCanInviteToOrg',
} as const satisfies Record<BootstrapItemOf<'setting'>['name'], keyof OrgChanges>;
