import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { entityColumns } from '../../database/statements/entity-columns.js';
import { Sql, type Statement } from '../../database/transactions/sql.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { LogCursorsRepository } from '../events/index.js';
import { LogStream } from './log-stream.entity.js';
import { type Headers, StoredHeaders } from './stored-headers.js';

/** With how far the log was sent. `nextAttemptAt`: after a failure. */
export type StreamWithLag = LogStream & {
  readonly lagEntries: number;
  readonly lagSeconds: number;
  readonly nextAttemptAt: Date | null;
};

type Content = Pick<LogStream, 'url' | 'description'> & { readonly headers: Headers };
export type NewLogStream = Content &
  Pick<LogStream, 'id' | 'orgId' | 'createdByUserId' | 'createdWithKind' | 'createdWithId' | 'creatorKeyId'>;
/** Absent: unchanged. */
export type StreamChanges = Partial<Content> & { readonly isEnabled?: boolean };

const MOST_COUNTED = 10_000;
/** `place` never moves a cursor back. */
const WHERE_IT_IS = '0';

/** Newest first. $2: one stream, or null; $3: those before, or null. */
const LIST: Statement = {
  name: 'log_streams_list',
  text: `
    select s.*, case when s.failures > 0 and s."disabledAt" is null then c.due_at end as "nextAttemptAt",
      (select count(*)::int from (
        select from audit_entries e where e.org_id = s."orgId" and e.position > c.position
        limit ${MOST_COUNTED}) e) as "lagEntries",
      coalesce((
        select greatest(0, extract(epoch from now() - e.created_at))::int from audit_entries e
        where e.org_id = s."orgId" and e.position > c.position order by e.position limit 1), 0) as "lagSeconds"
    from (
      select ${entityColumns(LogStream)} from log_streams
      where org_id = $1 and ($2::uuid is null or id = $2) and ($3::uuid is null or id < $3)
      order by id desc limit $4) s
    join log_cursors c on c.id = s.id
    order by s.id desc`,
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

  count(orgId: string): Promise<number> {
    return this.rows.countBy({ orgId });
  }

  /** @param position after which entries are sent */
  async insert({ headers, ...stream }: NewLogStream, position: bigint): Promise<void> {
    await this.cursors.insert(stream.id, 'log_stream', stream.orgId, position);
    await this.rows.insert({ ...stream, ...this.headers.encrypt(headers) });
  }

  /** What is being sent is repeated with the new values, at once. */
  async update(
    { id, disabledAt }: LogStream,
    { headers, isEnabled, ...changes }: StreamChanges,
  ): Promise<void> {
    const sendsOtherwise = headers !== undefined || changes.url !== undefined || isEnabled !== undefined;
    if (sendsOtherwise) await this.cursors.place(id, WHERE_IT_IS, isEnabled ?? disabledAt === null);
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

  async remove(orgId: string, ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.cursors.delete(id);
    await this.rows.delete({ orgId, id: In([...ids]) });
  }
}

const ENABLED = { disabledReason: null, disabledAt: null };
const DISABLED = { disabledReason: 'admin' as const, disabledAt: () => 'now()' };
