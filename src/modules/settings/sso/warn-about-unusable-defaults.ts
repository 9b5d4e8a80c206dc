import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../../../config/config.js';
import { OrgsService } from '../../orgs/index.js';
import { ProvisioningDefaults } from './provisioning-defaults.js';

/** At the start, where single sign-on is on: people would arrive nowhere, and nobody would know why. */
@Injectable()
export class WarnAboutUnusableDefaults implements OnApplicationBootstrap {
  private readonly log = new Logger('Single sign-on');

  constructor(
    private readonly defaults: ProvisioningDefaults,
    private readonly orgs: OrgsService,
    private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const org = this.config.sso && (await this.orgs.findDefault());
    for (const problem of org ? await this.defaults.findProblems(org.id) : [])
      this.log.warn(
        `The defaults of the default organization ${org!.id} are unusable: ${problem}. ` +
          'An organization admin mends it in the SSO settings (/api/v1/orgs/current/sso-settings).',
      );
  }
}
