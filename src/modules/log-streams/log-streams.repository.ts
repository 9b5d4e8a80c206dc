import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { type Attempt, LONGEST_PAUSE_SECONDS } from '../../common/outbound/attempt.js';
import { entityColumns } from '../../database/statements/entity-columns.js';
import { isTooFarAhead } from '../../database/statements/too-far-ahead.js';
import { Sql, type Statement } from '../../database/transactions/sql.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { entriesAfter, type EntryAt, LogCursorsRepository } from '../events/index.js';
import { LogStream } from './log-stream.entity.js';
import { type Headers, StoredHeaders } from './stored-headers.js';

/** With how far the log was sent. `nextAttemptAt`: after a failure. */
export type StreamWithLag = LogStream & {
  readonly lagEntries: number;
  readonly lagSeconds: number;
  readonly nextAttemptAt: Date | null;
};

type Content = Pick<LogStream, 'url' | 'description' | 'includeNames'> & { readonly headers: Headers };
export type NewLogStream = Content &
  Pick<LogStream, 'id' | 'orgId' | 'createdByUserId' | 'createdWithKind' | 'createdWithId' | 'creatorKeyId'>;
export type ClaimedReceiver = Pick<
  LogStream,
  'orgId' | 'url' | 'headerNames' | 'headerValues' | 'includeNames' | 'failures'
> & { readonly removed: string | null };

/** Absent: unchanged. */
export type StreamChanges = Partial<Content> & { readonly isEnabled?: boolean };

const MOST_COUNTED = 10_000;

/** Newest first. $2: one stream, or null; $3: those before, or null. */
const LIST: Statement = {
  name: 'log_streams_list',
  text: `
    select s.*, case when s.failures > 0 and s."disabledAt" is null then c.due_at end as "nextAttemptAt",
      (select count(*)::int from (
        select from audit_entries e where e.org_id = s."orgId" and e.position > c.position
        limit ${MOST_COUNTED}) e) as "lagEntries",
      coalesce((
        select greatest(0, extract(epoch from now() - e.created_at))::int
        ${entriesAfter('s."orgId"', 'c.position')} limit 1), 0) as "lagSeconds"
    from (
      select ${entityColumns(LogStream)} from log_streams
      where org_id = $1 and ($2::uuid is null or id = $2) and ($3::uuid is null or id < $3)
      order by id desc limit $4) s
    join log_cursors c on c.id = s.id
    order by s.id desc`,
};

/** Of an enabled stream. `removed`: up to which position retention has removed entries. */
const RECEIVER: Statement = {
  name: 'log_streams_receiver',
  text: `
    select org_id as "orgId", url, header_names as "headerNames", header_values as "headerValues",
      include_names as "includeNames", failures,
      (select through from audit_anchors where chain = org_id) as removed
    from log_streams where id = $1 and disabled_at is null`,
};

/** $2: succeeded; $5: of the oldest entry that is left, if others were removed before they were sent. */
const NOTE_ATTEMPT: Statement = {
  name: 'log_streams_note_attempt',
  text: `
    update log_streams set failures = case when $2 then 0 else failures + 1 end, last_attempt_at = now(),
      last_status = $3, last_code = $4, missed_before = coalesce($5, missed_before)
    where id = $1`,
};

/** Those whose cursors are due too late: only after a failure may a receiver ask for a pause. */
export const LATE_STREAMS: Statement = {
  name: 'log_streams_late',
  text: `
    select s.id from log_streams s join log_cursors c on c.id = s.id, make_interval(secs =>
      case when s.failures > 0 and s.last_attempt_at <= now() then ${LONGEST_PAUSE_SECONDS} else 0 end) longest
    where ${isTooFarAhead('c.due_at', 'longest')}`,
};

/** Of enabled streams of enabled organizations. */
const LAG: Statement = {
  name: 'log_streams_lag',
  text: `
    select count(*) filter (where s.failures > 0)::int as failing,
      coalesce(max(greatest(0, extract(epoch from now() - e.created_at))), 0)::float8 as seconds
    from log_streams s
      join log_cursors c on c.id = s.id
      join organizations o on o.id = s.org_id and not o.is_disabled
      left join lateral (
        select e.created_at ${entriesAfter('s.org_id', 'c.position')} limit 1) e on true
    where s.disabled_at is null`,
};

/** Streams and their cursors, which are written first, as the process that sends does. */
@Injectable()
export class LogStreamsRepository {
  constructor(
    private readonly cursors: LogCursorsRepository,
    private readonly headers: StoredHeaders,
    private readonly sql: Sql,
    private readonly transaction: Transaction,
  ) {}

  private get rows() {
    return this.transaction.manager.getRepository(LogStream);
  }

  list(orgId: string, { before, limit }: { before: string | null; limit: number }): Promise<StreamWithLag[]> {
    return this.sql.rows<StreamWithLag>(LIST, [orgId, null, before, limit]);
  }

  find(orgId: string, id: string): Promise<StreamWithLag | null> {
    return this.sql.row<StreamWithLag>(LIST, [orgId, id, null, 1]);
  }

  /** Created by the user, or with one of the keys; newest first. */
  listCreatedBy(
    orgId: string,
    { userId, keyIds }: { readonly userId: string | null; readonly keyIds: readonly string[] },
  ): Promise<LogStream[]> {
    const withKeys = { orgId, creatorKeyId: In([...keyIds]) };
    const where = userId ? [{ orgId, createdByUserId: userId }, withKeys] : withKeys;
    return this.rows.find({ where, order: { id: 'DESC' } });
  }

  count(orgId: string): Promise<number> {
    return this.rows.countBy({ orgId });
  }

  /** @param horizon after which entries are sent */
  async insert({ headers, ...stream }: NewLogStream, horizon: EntryAt): Promise<void> {
    await this.cursors.insert(stream.id, 'log_stream', stream.orgId, horizon);
    await this.rows.insert({ ...stream, ...this.headers.encrypt(headers) });
  }

  /** What is being sent is repeated with the new values, at once. */
  async update(
    { id, disabledAt }: LogStream,
    { headers, isEnabled, ...changes }: StreamChanges,
  ): Promise<void> {
    const sendsOtherwise = headers !== undefined || changes.url !== undefined || isEnabled !== undefined;
    if (sendsOtherwise) await this.cursors.place(id, null, isEnabled ?? disabledAt === null);
    await this.rows.update(
      { id },
      {
        ...changes,
        ...(headers && this.headers.encrypt(headers)),
        ...(sendsOtherwise && { failures: 0 }),
        ...(isEnabled === true && ENABLED),
        ...(isEnabled === false && DISABLED),
        updatedAt: () => 'now()',
      },
    );
  }

  /** What a process that has claimed the cursor needs. Null: deleted or disabled since. */
  findReceiver(id: string): Promise<ClaimedReceiver | null> {
    return this.sql.row<ClaimedReceiver>(RECEIVER, [id]);
  }

  async noteAttempt(
    id: string,
    { outcome, status, code }: Pick<Attempt, 'outcome' | 'status' | 'code'>,
    missedBefore: Date | null,
  ): Promise<void> {
    await this.sql.affected(NOTE_ATTEMPT, [id, outcome === 'delivered', status, code, missedBefore]);
  }

  /** In the transaction that has moved the cursor. */
  async disable(id: string): Promise<void> {
    await this.cursors.place(id, null, false);
    await this.rows.update({ id }, { disabledReason: 'gone', disabledAt: () => 'now()' });
  }

  /** `seconds`: the age of the oldest entry that has not arrived. */
  getLag(): Promise<{ failing: number; seconds: number }> {
    return this.sql.one(LAG, []);
  }

  async remove(orgId: string, ids: readonly string[]): Promise<void> {
    await this.cursors.delete(ids);
    await this.rows.delete({ orgId, id: In([...ids]) });
  }
}

const ENABLED = { disabledReason: null, disabledAt: null };
const DISABLED = { disabledReason: 'admin' as const, disabledAt: () => 'now()' };
