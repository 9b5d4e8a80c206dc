import { Injectable } from '@nestjs/common';
import { LastUsedJob, updateLastUsedAt } from '../../../../database/jobs/last-used.job.js';

@Injectable()
export class KeysLastUsedJob extends LastUsedJob {
  protected readonly statement = updateLastUsedAt('api_keys');
}
