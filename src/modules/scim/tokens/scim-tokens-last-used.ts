import { Injectable } from '@nestjs/common';
import { LastUsed } from '../../../database/last-used.js';
import { Sql } from '../../../database/sql.js';

@Injectable()
export class ScimTokensLastUsed extends LastUsed {
  constructor(sql: Sql) {
    super(sql, 'scim_tokens');
  }
}
