import { Injectable } from '@nestjs/common';
import type { HeldRole, OrgPrincipal } from '../../common/access/principal.js';
import { EventBus } from '../../common/event-bus.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { AuditTrail } from '../audit/index.js';
import {
  acceptsRequest,
  AllowlistExcludesCaller,
  type InviteAccess,
  InviteAccessRule,
  type InvitePlace,
  type Org,
  type OrgChanges,
  OrgsRepository,
} from '../orgs/index.js';
import { GroupNamesChanged, mayGrantOrgAdmin } from '../roles/index.js';
import { WorkspacesService } from '../workspaces/index.js';
import {
  KeyCreationSwitchNeedsSession,
  OnlyAdminsChangeGroupSeparator,
  OnlyAdminsSwitchScimRoles,
} from './errors.js';

/** An organization as its members see it. */
export type OrgView = {
  org: Org;
  workspaceAdminsMayInvite: boolean;
  /** `workspace` is null without a workspace in the request. */
  inviteAccess: { organization: InviteAccess; workspace: InviteAccess | null };
  reachedMaxWorkspaces: boolean;
  permissions: readonly string[];
  /** The role of the caller in the organization. */
  role: Pick<HeldRole, 'id' | 'name'> | null;
};

@Injectable()
export class OrgSettingsService {
  constructor(
    private readonly orgs: OrgsRepository,
    private readonly workspaces: WorkspacesService,
    private readonly inviteAccess: InviteAccessRule,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
    private readonly events: EventBus,
  ) {}

  async view(principal: OrgPrincipal): Promise<OrgView> {
    return this.viewFor(principal, await this.orgs.get(principal.orgId));
  }

  /**
   * @throws AllowlistExcludesCaller, KeyCreationSwitchNeedsSession, OnlyAdminsChangeGroupSeparator,
   *   OnlyAdminsSwitchScimRoles, LastAdminRequired
   */
  async update(principal: OrgPrincipal, changes: OrgChanges): Promise<OrgView> {
    const { apiKeyCreationFromApiKeysEnabled: allowsKeys, scimGroupNameSeparator: separator } = changes;
    assertKeepsCaller(principal, changes);
    const org = await this.transaction.as(principal, async () => {
      const current = await this.orgs.get(principal.orgId);
      const isAllowed = principal.credential.kind === 'session' || current.apiKeyCreationFromApiKeysEnabled;
      if (allowsKeys && !isAllowed) throw new KeyCreationSwitchNeedsSession();
      const changesSeparator = separator !== undefined && separator !== current.scimGroupNameSeparator;
      if (changesSeparator && !mayGrantOrgAdmin(principal)) throw new OnlyAdminsChangeGroupSeparator();
      const { scimRolesEnabled = current.scimRolesEnabled } = changes;
      const switchesRoles = scimRolesEnabled !== current.scimRolesEnabled;
      if (switchesRoles && !mayGrantOrgAdmin(principal)) throw new OnlyAdminsSwitchScimRoles();
      const changed = await this.orgs.update(principal.orgId, changes);
      if (changesSeparator) await this.events.publish(new GroupNamesChanged(principal.orgId, principal));
      if (switchesRoles)
        await this.events.publish(new ScimRolesSwitched(principal.orgId, principal, scimRolesEnabled));
      const { ipAllowlist } = changes;
      const details = {
        ...(ipAllowlist ? { ip_allowlist: ipAllowlist } : {}),
        ...(switchesRoles ? { scim_roles_enabled: scimRolesEnabled } : {}),
      };
      const scope = Object.keys(details).length > 0 ? { details } : {};
      await this.audit.record(principal, 'update_organization_info', [principal.orgId], scope);
      return changed;
    });
    return this.viewFor(principal, org);
  }

  private async viewFor(principal: OrgPrincipal, org: Org): Promise<OrgView> {
    const accessAt = (level: InvitePlace['level']) => this.inviteAccess.of(principal, { org, level });
    return {
      org,
      workspaceAdminsMayInvite: this.inviteAccess.allowsWorkspaceAdmins(org),
      inviteAccess: {
        organization: accessAt('organization'),
        workspace: principal.workspaceId ? accessAt('workspace') : null,
      },
      reachedMaxWorkspaces: await this.workspaces.isLimitReached(org),
      permissions: [...(principal.orgRole?.permissions ?? [])],
      role: principal.orgRole,
    };
  }
}

/** The attribute `roles` of SCIM users gives roles from now on, or does not any more. Published inside the transaction. */
export class ScimRolesSwitched {
  constructor(
    readonly orgId: string,
    readonly actor: OrgPrincipal,
    readonly areEnabled: boolean,
  ) {}
}

/** @throws AllowlistExcludesCaller */
function assertKeepsCaller(
  { sessionMethod, request }: OrgPrincipal,
  { ipAllowlist: networks = [] }: OrgChanges,
): void {
  if (!acceptsRequest(networks, { sessionMethod, address: request.clientHost }))
    throw new AllowlistExcludesCaller();
}
