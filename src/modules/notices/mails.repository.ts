import { Injectable } from '@nestjs/common';
import { Mailer } from '../../common/mail/mailer.js';
import { Metrics } from '../../common/metrics/metrics.js';
import { currentTraceparent } from '../../common/tracing/trace-context.js';
import { RemovalJob } from '../../database/jobs/removal.job.js';
import { sweep } from '../../database/jobs/sweep.statements.js';
import { newId } from '../../database/statements/new-id.js';
import { isTooFarAhead } from '../../database/statements/too-far-ahead.js';
import { named, Sql, type Statement } from '../../database/transactions/sql.js';
import type { Mail } from './entities.js';
import type { MailKind } from './mail-kind.js';

/** To a member, to an address, or about an invitation. */
export type NewMail = Partial<Pick<Mail, 'orgId' | 'userId' | 'email' | 'invitationId' | 'about'>>;

/** A mail that this process has to send. */
export type ClaimedMail = Pick<Mail, 'id' | 'kind' | 'traceparent'>;

const LAST_ATTEMPT = 37;
const LONGEST_PAUSE = 3600; // seconds
/** After which another process sends the mail of one that has crashed. Longer than connecting to a mail server takes. */
const LEASE = `interval '1 minute'`;

/** $3: minutes in which a mail about an invitation that was settled is not sent again. */
const INSERT: Statement = named('mails_insert')`
  insert into mails as m (id, kind, org_id, user_id, email, invitation_id, about, traceparent)
  select id, $1, "orgId", "userId", email, "invitationId", coalesce(about, '{}'), $4
  from jsonb_to_recordset($2::jsonb) as row
    (id uuid, "orgId" uuid, "userId" uuid, email text, "invitationId" uuid, about text[])
  on conflict (invitation_id) do update
    set id = excluded.id, state = 'queued', due_at = now(), attempts = 0, settled_at = null, code = null,
      traceparent = excluded.traceparent, created_at = now()
    where $3::int is null or coalesce(m.settled_at, '-infinity') <= now() - make_interval(mins => $3)`;

/** A mail that has waited longer, as there was no mail server, would surprise its recipient. */
const IS_DUE = `state = 'queued' and due_at <= now() and created_at > now() - interval '14 days'`;

/** Of each kind as many as this process has room for ($1, $2), so that no kind waits for another. */
const CLAIM_DUE: Statement = named('mails_claim_due')`
  update mails set due_at = now() + ${LEASE}, attempts = attempts + 1
  where id = any(array(
    select its.id from unnest($1::text[], $2::int[]) as room (kind, places)
    cross join lateral (
      select id from mails
      where kind = room.kind and ${IS_DUE}
      order by due_at limit room.places for update skip locked) its))
  returning id, kind, traceparent`;

/** Unless another process has claimed it for the mail server meanwhile. $2: whether this one may have. */
const IS_OWN = `id = $1 and (state = 'queued' or (state = 'sent' and $2::boolean))`;

/** After 1 to 2 s, and each time up to twice as long. */
const RETRY: Statement = named('mails_retry')`
  update mails set state = case when attempts < ${LAST_ATTEMPT} then 'queued' else 'abandoned' end,
    settled_at = case when attempts < ${LAST_ATTEMPT} then null else now() end,
    due_at = now() + make_interval(secs => least(${LONGEST_PAUSE}, 2 ^ (attempts - 1) * (1 + random())))
  where ${IS_OWN}`;

const SETTLE: Statement = named('mails_settle')`
  update mails set state = $3, code = $4, settled_at = now() where ${IS_OWN}`;

const BRING_FORWARD: Statement = named('mails_bring_forward')`
  update mails set due_at = now()
  where state = 'queued' and ${isTooFarAhead('due_at', `make_interval(secs => least(${LONGEST_PAUSE}, 2 ^ attempts))`)}`;

/** Retries with backoff are due later and count only then. */
const BACKLOG: Statement = named('mails_backlog')`
  select count(*)::int as jobs_waiting,
    coalesce(extract(epoch from now() - min(due_at)), 0)::float8 as jobs_oldest_age_seconds
  from mails where ${IS_DUE}`;

const GAUGES = {
  jobs_waiting: 'Jobs of the queue that are due',
  jobs_oldest_age_seconds: 'How long the oldest job has been due',
};
const NO_BACKLOG = { jobs_waiting: 0, jobs_oldest_age_seconds: 0 };

const REMOVE: Statement = named('mails_remove_of_invitations')`
  delete from mails where invitation_id = any($1)`;

/** What became of the mail about an invitation is shown as long as the invitation is pending. */
const OLD = sweep('mails', { key: 'id', time: 'created_at', daysLater: 2, where: 'invitation_id is null' });

/** The statements of a kind. $1: the mail. */
export const statementsOf = ({ name, columns, from }: Omit<MailKind<never>, 'write'>) => {
  const due = `from (select * from mails where id = $1 and state = 'queued') m ${from}`;
  return {
    find: { name: `${name}_find`, text: `select ${columns} ${due}` },
    claim: named(`${name}_claim`)`
      update mails set state = 'sent', settled_at = now()
      where id = $1 and state = 'queued' and exists (select ${due})`,
  } satisfies Record<string, Statement>;
};

@Injectable()
export class MailsRepository {
  constructor(
    private readonly sql: Sql,
    mailer: Mailer,
    metrics: Metrics,
    removals: RemovalJob,
  ) {
    removals.addSweep('mails', OLD);
    metrics.addDatabaseGauges(GAUGES, async () =>
      mailer.isConfigured ? this.sql.one<typeof NO_BACKLOG>(BACKLOG, []) : NO_BACKLOG,
    );
  }

  /** One of an invitation replaces the earlier one, unless that was settled less than `pauseMinutes` ago. */
  async insert(kind: string, mails: readonly NewMail[], pauseMinutes: number | null): Promise<void> {
    const rows = JSON.stringify(mails.map((mail) => ({ ...mail, id: newId() })));
    await this.sql.affected(INSERT, [kind, rows, pauseMinutes, currentTraceparent()]);
  }

  claimDue(room: ReadonlyMap<string, number>): Promise<ClaimedMail[]> {
    return this.sql.rows<ClaimedMail>(CLAIM_DUE, [[...room.keys()], [...room.values()]]);
  }

  /** @param statement of the kind */
  find<Row extends object>(statement: Statement, id: string): Promise<Row | null> {
    return this.sql.row<Row>(statement, [id]);
  }

  /** False: it was sent, or is no longer due. @param statement of the kind */
  async claim(statement: Statement, id: string): Promise<boolean> {
    return (await this.sql.affected(statement, [id])) === 1;
  }

  async retry(id: string, mayBeClaimed: boolean): Promise<void> {
    await this.sql.affected(RETRY, [id, mayBeClaimed]);
  }

  async refuse(id: string, mayBeClaimed: boolean, code: string | null): Promise<void> {
    await this.sql.affected(SETTLE, [id, mayBeClaimed, 'refused', code]);
  }

  async abandon(id: string): Promise<void> {
    await this.sql.affected(SETTLE, [id, false, 'abandoned', null]);
  }

  async bringForward(): Promise<void> {
    await this.sql.affected(BRING_FORWARD, []);
  }

  async removeOfInvitations(invitationIds: readonly string[]): Promise<void> {
    await this.sql.affected(REMOVE, [invitationIds]);
  }
}
