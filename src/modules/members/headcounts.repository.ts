import { Injectable } from '@nestjs/common';
import { Sql } from '../../database/sql.js';

const COUNT_SEATS = {
  name: 'headcounts_count_seats',
  text: 'select members + pending_seats as taken from headcounts where org_id = $1',
};

@Injectable()
export class HeadcountsRepository {
  constructor(private readonly sql: Sql) {}

  /** Members and pending invitations of the organization, without expired invitations that were counted out. */
  async countSeats(orgId: string): Promise<number> {
    const found = await this.sql.row<{ taken: number }>(COUNT_SEATS, [orgId]);
    return found?.taken ?? 0;
  }
}
