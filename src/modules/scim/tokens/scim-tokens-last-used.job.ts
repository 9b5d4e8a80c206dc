import { Injectable } from '@nestjs/common';
import { LastUsedJob, updateLastUsedAt } from '../../../database/jobs/last-used.job.js';

@Injectable()
export class ScimTokensLastUsedJob extends LastUsedJob {
  protected readonly statement = updateLastUsedAt('scim_tokens');
}
