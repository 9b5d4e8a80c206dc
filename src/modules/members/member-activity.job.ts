import { Injectable } from '@nestjs/common';
import { LastUsedJob } from '../../database/jobs/last-used.job.js';
import { MARK_ACTIVE } from './member-activity.statements.js';

/** Writes when members were last active, once a minute (docs/contract/members.md#last-activity). */
@Injectable()
export class MemberActivityJob extends LastUsedJob {
  protected readonly statement = MARK_ACTIVE;
  protected override readonly intervalMs = 60_000;
}
