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
    return this.instanceOverride ?? this.allowsWorkspaceAdmins(await this.orgs.get(orgId));
  }

  /** The instance switch decides for everybody where it is set; where it is not, the organization's own (contract decision 9). */
  allowsWorkspaceAdmins(org: Pick<Org, 'workspaceAdminCanInviteToOrg'>): boolean {
    return this.instanceOverride ?? org.workspaceAdminCanInviteToOrg;
  }

  private get instanceOverride(): boolean | undefined {
    return this.config.flags.workspaceScopeOrgInvites;
  }
}
