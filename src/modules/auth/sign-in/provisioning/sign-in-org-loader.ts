import { Injectable } from '@nestjs/common';
import { Config } from '../../../../config/config.js';
import { awaitAll } from '../../../../database/transactions/await-all.js';
import { Seats } from '../../../invitations/index.js';
import { type Org, OrgsService } from '../../../orgs/index.js';
import { type Provisioning, ProvisioningDefaults } from '../../../settings/index.js';

/** What sign-ins into the same organization have in common. */
export type SignInOrg = {
  readonly org: Org;
  readonly provisioning: Provisioning;
  /** Enabled in the settings of both the organization and the installation. */
  readonly jitEnabled: boolean;
  readonly seatIsFree: boolean;
};

@Injectable()
export class SignInOrgLoader {
  constructor(
    private readonly orgs: OrgsService,
    private readonly seats: Seats,
    private readonly defaults: ProvisioningDefaults,
    private readonly config: Config,
  ) {}

  /** The caller must hold the roster lock of the organization. */
  async load(orgId: string): Promise<SignInOrg> {
    const [{ org, seatIsFree }, provisioning] = await awaitAll([
      this.loadSeat(orgId),
      this.defaults.get(orgId),
    ]);
    const jitEnabled = org.jitProvisioningEnabled && this.config.flags.jitProvisioning;
    return { org, provisioning, jitEnabled, seatIsFree };
  }

  private async loadSeat(orgId: string): Promise<Pick<SignInOrg, 'org' | 'seatIsFree'>> {
    const org = await this.orgs.get(orgId);
    return { org, seatIsFree: await this.seats.hasFreeSeat(org) };
  }
}
