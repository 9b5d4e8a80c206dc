import { Injectable } from '@nestjs/common';
import { LastUsedJob } from '../../../../database/last-used.job.js';

@Injectable()
export class KeysLastUsedJob extends LastUsedJob {
  protected readonly table = 'api_keys';
}
