import { Injectable } from '@nestjs/common';
import { LastUsedJob, updateLastUsedAt } from '../../database/jobs/last-used.job.js';

/** Writes when sessions were last used, once a minute (docs/contract/sign-in.md#own-sessions). */
@Injectable()
export class SessionActivityJob extends LastUsedJob {
  protected readonly statement = updateLastUsedAt('sessions');
  protected override readonly intervalMs = 60_000;
}
