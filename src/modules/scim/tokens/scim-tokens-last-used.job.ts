import { Injectable } from '@nestjs/common';
import { LastUsedJob } from '../../../database/last-used.job.js';

@Injectable()
export class ScimTokensLastUsedJob extends LastUsedJob {
  protected readonly table = 'scim_tokens';
}
