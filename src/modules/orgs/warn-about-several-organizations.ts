import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { OrgsRepository } from './orgs.repository.js';

/** Basic auth supports one (docs/contract/organizations.md#founding-organizations). */
@Injectable()
export class WarnAboutSeveralOrganizations implements OnApplicationBootstrap {
  private readonly log = new Logger('Organizations');

  constructor(
    private readonly orgs: OrgsRepository,
    private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const count = this.config.sso ? 0 : await this.orgs.countShared();
    if (count > 1)
      this.log.warn(
        `There are ${count} organizations, but basic auth supports only one. No more can be ` +
          'created. A password that the admin of one organization chose cannot accept an invitation of another; set up single ' +
          'sign-on (OAUTH_ settings) so that users can prove their addresses to all of them.',
      );
  }
}
