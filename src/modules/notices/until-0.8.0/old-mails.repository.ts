import { Injectable } from '@nestjs/common';
import { RemovalJob } from '../../../database/jobs/removal.job.js';
import { sweep } from '../../../database/jobs/sweep.statements.js';
import { Sql, type Statement } from '../../../database/transactions/sql.js';

/** As in 0.6.x, which claims a mail by `handed_over_at` and tries it for a day. */
const IS_DUE = `handed_over_at is null and created_at > now() - interval '1 day'`;

const TAKE_OVER: readonly Statement[] = [
  {
    name: 'access_request_mails_take_over',
    text: `
      with taken as (update access_request_mails set handed_over_at = now() where ${IS_DUE} returning *)
      insert into mails (id, kind, org_id, user_id, about, created_at)
      select id, 'access-request-mails', org_id, user_id, array[request_id::text], created_at from taken`,
  },
  {
    // Its row does not say which of both kinds it is; nothing is due for the other one.
    name: 'expiry_mails_take_over',
    text: `
      with taken as (update expiry_mails set handed_over_at = now() where ${IS_DUE} returning *)
      insert into mails (id, kind, org_id, user_id, about, created_at)
      select id, 'expiry-mails', org_id, user_id, credential_ids::text[], created_at from taken
      union all
      select gen_random_uuid(), 'access-end-mails', org_id, user_id, credential_ids::text[], created_at from taken`,
  },
];

const SWEEPS = {
  'mails about expiries': sweep('expiry_mails', { key: 'id', time: 'created_at', daysLater: 2 }),
  'mails about access requests': sweep('access_request_mails', {
    key: 'id',
    time: 'created_at',
    daysLater: 2,
  }),
};

/**
 * Until 0.8.0: the mails of servers of 0.6.x, which queue them in other tables and send them themselves while they run. This
 * folder goes with the last of them.
 */
@Injectable()
export class OldMailsRepository {
  constructor(
    private readonly sql: Sql,
    removals: RemovalJob,
  ) {
    for (const [what, statement] of Object.entries(SWEEPS)) removals.addSweep(what, statement);
  }

  /** Moves what waits there into `mails`. Both releases claim the same row, so one of them sends it. */
  async takeOver(): Promise<void> {
    for (const statement of TAKE_OVER) await this.sql.affected(statement, []);
  }
}
