import { Injectable, type OnModuleInit } from '@nestjs/common';
import { unique } from '../../common/collections.js';
import { Config } from '../../config/config.js';
import { PeriodicJob } from '../../database/jobs/periodic.job.js';
import { EndedMemberships } from '../members/index.js';
import { UserGroupEnds } from './core/user-group-ends.js';

const MAX_ORGS = 1000;
/** Of each kind, in one transaction. */
const BATCH = 500;

/** Removes ended access every minute, under the roster lock. Nothing waits for it: what has ended gives nothing already. */
@Injectable()
export class TidyEndedAccess implements OnModuleInit {
  constructor(
    private readonly periodic: PeriodicJob,
    private readonly memberships: EndedMemberships,
    private readonly groups: UserGroupEnds,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    const seconds = Math.min(60, this.config.retention.intervalSeconds);
    this.periodic.addForOrgs('remove access that has ended', seconds * 1000, {
      find: async () => {
        const found = [await this.memberships.listOrgs(MAX_ORGS), await this.groups.listOrgs(MAX_ORGS)];
        return unique(found.flat()).map((orgId) => ({ orgId }));
      },
      runBatch: async ({ orgId }) => {
        const more = await this.memberships.tidy(orgId, BATCH);
        return (await this.groups.tidy(orgId, BATCH)) || more;
      },
    });
  }
}
