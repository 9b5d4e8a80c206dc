import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { OrgsService } from '../orgs/index.js';

/** Whether workspace admins may bring new people into an organization, as instance and organization decide. */
@Injectable()
export class InviteSettings {
  constructor(
    private readonly orgs: OrgsService,
    private readonly config: Config,
  ) {}

  /**
   * The instance switch decides for everybody where it is set; where it is not, the organization's own
   * (contract decision 9).
   */
  async workspaceAdminsMayInvite(orgId: string): Promise<boolean> {
    const forEverybody = this.config.flags.workspaceScopeOrgInvites;
    return forEverybody ?? (await this.orgs.get(orgId)).workspaceAdminCanInviteToOrg;
  }
}
