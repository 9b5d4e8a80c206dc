import { Injectable } from '@nestjs/common';
import type { HeldRole, OrgPrincipal } from '../../common/access/principal.js';
import {
  type InviteAccess,
  InviteAccessRule,
  type InvitePlace,
  type Org,
  OrgsRepository,
} from '../orgs/index.js';
import { WorkspacesService } from '../workspaces/index.js';

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

/** Combines the settings of an organization with what the caller may do. */
@Injectable()
export class ViewOrgSettings {
  constructor(
    private readonly orgs: OrgsRepository,
    private readonly workspaces: WorkspacesService,
    private readonly inviteAccess: InviteAccessRule,
  ) {}

  async run(principal: OrgPrincipal): Promise<OrgView> {
    return this.of(principal, await this.orgs.get(principal.orgId));
  }

  async of(principal: OrgPrincipal, org: Org): Promise<OrgView> {
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
