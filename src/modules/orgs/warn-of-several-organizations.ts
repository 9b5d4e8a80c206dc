import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { OrgsRepository } from './orgs.repository.js';

/** At the start, where people log in with passwords: there should be one organization (contract decision 50). */
@Injectable()
export class WarnOfSeveralOrganizations implements OnApplicationBootstrap {
  private readonly log = new Logger('Organizations');

  constructor(
    private readonly orgs: OrgsRepository,
    private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const count = this.config.sso ? 0 : await this.orgs.countShared();
    if (count > 1)
      this.log.warn(
        `There are ${count} organizations, but people log in with passwords, which is meant for one. No more can be ` +
          'created. A password that the admin of one organization chose accepts no invitation of another; set up single ' +
          'sign-on (OAUTH_ settings) to let people prove their addresses to all of them.',
      );
  }
}
