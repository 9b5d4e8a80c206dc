import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { ProvisionOrganization } from '../workspaces/index.js';
import { FirstAccount } from './first-account.js';

/** The admin of a new installation. `password` is set only if it was generated: show it once and do not store it. */
export type FirstAdmin = { email: string; password: string | null };

/** Creates the default organization with a workspace and an admin, in the open transaction. */
@Injectable()
export class CreateDefaultOrganization {
  constructor(
    private readonly firstAccount: FirstAccount,
    private readonly provisionOrganization: ProvisionOrganization,
    private readonly config: Config,
  ) {}

  async run(): Promise<{ orgId: string; admin: FirstAdmin }> {
    const { email, userId } = await this.firstAccount.create();
    const { org } = await this.provisionOrganization.run({
      displayName: this.config.bootstrap.orgName,
      isPersonal: false,
      isDefault: true,
      ownerId: userId,
      via: 'bootstrap',
      actor: { userId: null, orgId: null, request: null },
      operation: 'create_organization',
    });
    const password = await this.firstAccount.setInitialPassword(userId, org.id);
    return { orgId: org.id, admin: { email, password } };
  }
}
