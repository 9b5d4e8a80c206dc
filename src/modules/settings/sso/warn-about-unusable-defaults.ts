import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../../../config/config.js';
import { OrgsService } from '../../orgs/index.js';
import { ProvisioningDefaults } from './provisioning-defaults.js';

/** Logs at startup if single sign-on would provision users into no workspace. */
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
    if (!org) return;
    for (const problem of await this.defaults.findProblems(org.id))
      this.log.warn(
        `The defaults of the default organization ${org.id} are unusable: ${problem}. ` +
          'An organization admin can correct this in the SSO settings (/api/v1/orgs/current/sso-settings).',
      );
  }
}
