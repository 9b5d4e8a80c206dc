import { Injectable } from '@nestjs/common';
import { Sql, type Statement } from '../../../database/transactions/sql.js';

/** The organization whose expired invitation has waited longest. */
const ORG_TO_COUNT_OUT = {
  name: 'invitations_org_to_count_out',
  text: `
    select org_id as "orgId" from invitations
    where status = 'pending' and takes_seat and expires_at <= now() order by expires_at limit 1`,
};

const ORG_TO_REMOVE_FROM = {
  name: 'invitations_org_to_remove_from',
  text: `
    select org_id as "orgId" from invitations
    where status = 'pending' and not takes_seat and expires_at < now() - make_interval(days => $1)
    order by expires_at limit 1`,
};

const REMOVE_EXPIRED = {
  name: 'invitations_remove_expired',
  text: `
    delete from invitations where id in (
      select id from invitations
      where org_id = $1 and status = 'pending' and not takes_seat and expires_at < now() - make_interval(days => $2)
      limit $3)`,
};

/** Invitations that have expired or ended. */
@Injectable()
export class OldInvitationsRepository {
  constructor(private readonly sql: Sql) {}

  /** Null if every expired invitation is counted out of its organization's seats. */
  findOrgToCountOut(): Promise<string | null> {
    return this.orgId(ORG_TO_COUNT_OUT, []);
  }

  /** Null if no invitation expired more than `days` ago. */
  findOrgToRemoveFrom(days: number): Promise<string | null> {
    return this.orgId(ORG_TO_REMOVE_FROM, [days]);
  }

  /** The caller holds the roster lock. */
  async removeExpired(orgId: string, days: number, limit: number): Promise<void> {
    await this.sql.affected(REMOVE_EXPIRED, [orgId, days, limit]);
  }

  private async orgId(statement: Statement, values: readonly unknown[]): Promise<string | null> {
    const row = await this.sql.row<{ orgId: string }>(statement, values);
    return row?.orgId ?? null;
  }
}
