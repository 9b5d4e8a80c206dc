import { Injectable } from '@nestjs/common';
import { LastUsedJob } from '../../../database/last-used.job.js';
import { Sql } from '../../../database/sql.js';

@Injectable()
export class ScimTokensLastUsedJob extends LastUsedJob {
  constructor(sql: Sql) {
    super(sql, 'scim_tokens');
  }
}
