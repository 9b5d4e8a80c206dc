import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { type Org, OrgsService } from '../orgs/index.js';

/** Whether workspace admins may bring new people into an organization, as instance and organization decide. */
@Injectable()
export class InviteSettings {
  constructor(
    private readonly orgs: OrgsService,
    private readonly config: Config,
  ) {}

  async workspaceAdminsMayInvite(orgId: string): Promise<boolean> {
    return this.forEverybody ?? this.letsWorkspaceAdminsInvite(await this.orgs.get(orgId));
  }

  /** The instance switch decides for everybody where it is set; where it is not, the organization's own (contract decision 9). */
  letsWorkspaceAdminsInvite(org: Pick<Org, 'workspaceAdminCanInviteToOrg'>): boolean {
    return this.forEverybody ?? org.workspaceAdminCanInviteToOrg;
  }

  private get forEverybody(): boolean | undefined {
    return this.config.flags.workspaceScopeOrgInvites;
  }
}
