import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { EventBus } from '../../common/event-bus.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { AuditTrail } from '../audit/index.js';
import { acceptsRequest, AllowlistExcludesCaller, type OrgChanges, OrgsRepository } from '../orgs/index.js';
import { GroupNamesChanged, mayGrantOrgAdmin } from '../roles/index.js';
import { ChangeSignInRequirement } from './change-sign-in-requirement.js';
import {
  KeyCreationSwitchNeedsSession,
  OnlyAdminsChangeAllowlist,
  OnlyAdminsChangeGroupSeparator,
  OnlyAdminsSwitchScimRoles,
} from './errors.js';
import { type OrgView, ViewOrgSettings } from './view-org-settings.js';

@Injectable()
export class OrgSettingsService {
  constructor(
    private readonly orgs: OrgsRepository,
    private readonly views: ViewOrgSettings,
    private readonly signInRequirement: ChangeSignInRequirement,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
    private readonly events: EventBus,
  ) {}

  /**
   * @throws AllowlistExcludesCaller, KeyCreationSwitchNeedsSession, OnlyAdminsChangeAllowlist,
   *   OnlyAdminsChangeGroupSeparator, OnlyAdminsSwitchScimRoles, LastAdminRequired, and the errors of ChangeSignInRequirement
   */
  async update(principal: OrgPrincipal, changes: OrgChanges): Promise<OrgView> {
    const { apiKeyCreationFromApiKeysEnabled: allowsKeys, scimGroupNameSeparator: separator } = changes;
    const org = await this.transaction.as(principal, async () => {
      const current = await this.orgs.get(principal.orgId);
      const isAllowed = principal.credential.kind === 'session' || current.apiKeyCreationFromApiKeysEnabled;
      if (allowsKeys && !isAllowed) throw new KeyCreationSwitchNeedsSession();
      const changesSeparator = separator !== undefined && separator !== current.scimGroupNameSeparator;
      if (changesSeparator && !mayGrantOrgAdmin(principal)) throw new OnlyAdminsChangeGroupSeparator();
      const { scimRolesEnabled = current.scimRolesEnabled } = changes;
      const switchesRoles = scimRolesEnabled !== current.scimRolesEnabled;
      if (switchesRoles && !mayGrantOrgAdmin(principal)) throw new OnlyAdminsSwitchScimRoles();
      const { ipAllowlist = current.ipAllowlist } = changes;
      const changesNetworks = !isDeepStrictEqual(ipAllowlist, current.ipAllowlist);
      if (changesNetworks && !mayGrantOrgAdmin(principal)) throw new OnlyAdminsChangeAllowlist();
      const signIn = await this.signInRequirement.check(principal, current, changes);
      assertKeepsCaller(principal, changes);
      const changed = await this.orgs.update(principal.orgId, changes);
      if (changesSeparator) await this.events.publish(new GroupNamesChanged(principal.orgId, principal));
      if (switchesRoles)
        await this.events.publish(new ScimRolesSwitched(principal.orgId, principal, scimRolesEnabled));
      const details = {
        ...(changes.ipAllowlist ? { ip_allowlist: ipAllowlist } : {}),
        ...(switchesRoles ? { scim_roles_enabled: scimRolesEnabled } : {}),
        ...signIn,
      };
      const scope = Object.keys(details).length > 0 ? { details } : {};
      await this.audit.record(principal, 'update_organization_info', [principal.orgId], scope);
      return changed;
    });
    return this.views.of(principal, org);
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
