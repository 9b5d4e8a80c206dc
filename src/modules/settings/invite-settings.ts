import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { type Org, OrgsRepository } from '../orgs/index.js';

@Injectable()
export class InviteSettings {
  constructor(
    private readonly orgs: OrgsRepository,
    private readonly config: Config,
  ) {}

  async workspaceAdminsMayInvite(orgId: string): Promise<boolean> {
    return this.instanceOverride ?? this.allowsWorkspaceAdmins(await this.orgs.get(orgId));
  }

  /** The instance switch, if set, decides (docs/contract/invitations.md#who-may-invite). */
  allowsWorkspaceAdmins(org: Pick<Org, 'workspaceAdminCanInviteToOrg'>): boolean {
    return this.instanceOverride ?? org.workspaceAdminCanInviteToOrg;
  }

  private get instanceOverride(): boolean | null {
    return this.config.flags.workspaceScopeOrgInvites;
  }
}
