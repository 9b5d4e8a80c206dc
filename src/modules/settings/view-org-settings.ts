import { Injectable } from '@nestjs/common';
import { composedOnce } from '../../common/access/caller-read.js';
import type { HeldRole, OrgPrincipal } from '../../common/access/principal.js';
import { type InviteAccess, InviteAccessRule, type InvitePlace, type Org } from '../orgs/index.js';
import { required } from '../../common/collections.js';
import { WorkspacesService } from '../workspaces/index.js';
import { ORGANIZATION } from './org-view.statements.js';

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
    private readonly workspaces: WorkspacesService,
    private readonly inviteAccess: InviteAccessRule,
  ) {}

  /** The response of a route that reads `ORGANIZATION`. */
  show<Body extends object>(principal: OrgPrincipal, toBody: (view: OrgView) => Body): Body {
    const org = required(principal.loaded(ORGANIZATION), 'the organization of the caller');
    return composedOnce(org, toBody, () => toBody(this.viewOf(principal, org, org.reachedMaxWorkspaces)));
  }

  async of(principal: OrgPrincipal, org: Org): Promise<OrgView> {
    return this.viewOf(principal, org, await this.workspaces.isLimitReached(org));
  }

  private viewOf(principal: OrgPrincipal, org: Org, reachedMaxWorkspaces: boolean): OrgView {
    const accessAt = (level: InvitePlace['level']) => this.inviteAccess.of(principal, { org, level });
    return {
      org,
      workspaceAdminsMayInvite: this.inviteAccess.allowsWorkspaceAdmins(org),
      inviteAccess: {
        organization: accessAt('organization'),
        workspace: principal.workspaceId ? accessAt('workspace') : null,
      },
      reachedMaxWorkspaces,
      permissions: [...(principal.orgRole?.permissions ?? [])],
      role: principal.orgRole,
    };
  }
}
