import { Injectable } from '@nestjs/common';
import { Config } from '../../../config/config.js';
import { RemovalJob } from '../../../database/jobs/removal.job.js';
import { sweep } from '../../../database/jobs/sweep.statements.js';
import { named, Sql, type Statement } from '../../../database/transactions/sql.js';
import { jobTableOf, unfinishedJobs } from './unfinished-jobs.js';

/** Until 0.8.0, in SQL: mails about invitations, also those of 0.6.x. The newest of an invitation has the largest id. */
export const MAILS_OF_INVITATIONS = `
  select invitation_id, id, false as is_old, state, settled_at, code from mails where invitation_id is not null
  union all
  select invitation_id, job_id, true,
    case when handed_over_at is not null then 'sent' when refused_at is not null then 'refused' else 'queued' end,
    coalesce(handed_over_at, refused_at), refusal_code
  from invitation_mails`;

/** In SQL, after `update … m`: 0.6.x claims a mail by `handed_over_at`, too, so one of both sends it. */
const claim = (jobs: string, id: string) => `
  set handed_over_at = now() from (${jobs}) j where j.id = ${id} and m.handed_over_at is null`;

const takeOverToMembers = (jobs: string): readonly Statement[] =>
  [
    { update: 'update access_request_mails', about: 'array[request_id::text]' },
    { update: 'update expiry_mails', about: 'credential_ids::text[]' },
    { update: 'update webhook_mails', about: 'array[webhook_id::text]' },
  ].map(
    ({ update, about }) => named(`take_over_by_${update.replace(' ', '_')}`)`
    with taken as (${update} m ${claim(jobs, 'm.id')} returning m.*, j.name)
    insert into mails (id, kind, org_id, user_id, about, created_at)
    select id, name, org_id, user_id, ${about}, created_at from taken`,
  );

const takeOverToAddresses = (jobs: string): readonly Statement[] => [
  named('password_mails_take_over')`
    with taken as (update password_mails m ${claim(jobs, 'm.id')} returning m.*, j.name)
    insert into mails (id, kind, org_id, email, created_at)
    select id, name, org_id, email, created_at from taken`,
  {
    // The newer sending has the larger id (RFC 9562, version 7).
    name: 'invitation_mails_take_over',
    text: `
      with taken as (
        update invitation_mails m ${claim(jobs, 'm.job_id')} and m.refused_at is null returning m.*, j.name)
      insert into mails as m (id, kind, invitation_id)
      select job_id, name, invitation_id from taken
      on conflict (invitation_id) do update
        set id = excluded.id, state = 'queued', due_at = now(), attempts = 0, settled_at = null, code = null,
          created_at = now()
        where m.id < excluded.id`,
  },
];

const FIND_TABLE: Statement = named('old_mails_find_table')`select to_regclass($1) is not null as "isThere"`;

const REMOVE_OF_INVITATIONS: Statement = named('invitation_mails_remove')`
  delete from invitation_mails where invitation_id = any($1)`;

const AGED = { key: 'id', time: 'created_at', daysLater: 2 };
const SWEEPS = {
  'mails with password links': sweep('password_mails', AGED),
  'mails about expiries': sweep('expiry_mails', AGED),
  'mails about webhooks': sweep('webhook_mails', AGED),
  'mails about access requests': sweep('access_request_mails', AGED),
};

/** Mails that 0.6.x queues in other tables and sends with pg-boss. This folder goes with the last of its servers. */
@Injectable()
export class OldMailsRepository {
  private readonly jobTable: string;
  private readonly statements: readonly Statement[];

  constructor(
    private readonly sql: Sql,
    { database }: Config,
    removals: RemovalJob,
  ) {
    this.jobTable = jobTableOf(database.schema);
    const jobs = unfinishedJobs(this.jobTable);
    this.statements = [...takeOverToMembers(jobs), ...takeOverToAddresses(jobs)];
    for (const [what, statement] of Object.entries(SWEEPS)) removals.addSweep(what, statement);
  }

  /** Moves what waits there into `mails`. */
  async takeOver(): Promise<void> {
    const { isThere } = await this.sql.one<{ isThere: boolean }>(FIND_TABLE, [this.jobTable]);
    if (isThere) for (const statement of this.statements) await this.sql.affected(statement, []);
  }

  async removeOfInvitations(invitationIds: readonly string[]): Promise<void> {
    await this.sql.affected(REMOVE_OF_INVITATIONS, [invitationIds]);
  }
}
