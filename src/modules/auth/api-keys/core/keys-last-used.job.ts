import { Injectable } from '@nestjs/common';
import { LastUsedJob } from '../../../../database/last-used.job.js';
import { Sql } from '../../../../database/sql.js';

@Injectable()
export class KeysLastUsedJob extends LastUsedJob {
  constructor(sql: Sql) {
    super(sql, 'api_keys');
  }
}
