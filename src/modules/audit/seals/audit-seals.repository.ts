import { Injectable } from '@nestjs/common';
import { named, Sql } from '../../../database/transactions/sql.js';
import type { AuditAnchor, AuditSeal } from './entities.js';
import { NO_ORG } from './seal-key.js';

/** The beginning of the ids of prepared transactions. */
const PREPARED = 'prepared ';

const isPrepared = (writer: string): boolean => writer.startsWith(PREPARED);

/**
 * Those of `pending` that have not ended, by a later list of open writers. `prepare transaction` gives a transaction another
 * id: one that is no longer listed may be any of those that are prepared, so all of these are waited for.
 */
export function stillWriting(pending: Iterable<string>, active: readonly string[]): ReadonlySet<string> {
  const before = new Set(pending);
  const left = active.filter((writer) => before.has(writer));
  const mayBePrepared = [...before].some((writer) => !isPrepared(writer) && !left.includes(writer));
  return new Set(mayBePrepared ? [...left, ...active.filter(isPrepared)] : left);
}

/** The end of a chain, which the next seal continues. */
export type ChainEnd = { readonly sequence: number; readonly through: string; readonly mac: Buffer };
type AuditLag = { readonly entries: number; readonly oldestSeconds: number };
export type NewSeal = Omit<AuditSeal, 'sealedAt'>;
export type NewAnchor = Omit<AuditAnchor, 'removedAt'>;

/** The entry at the highest visible position; its id is null if there is none. */
export type HighestEntry = { readonly written: string; readonly writtenId: string | null };

export type WritingObservation = HighestEntry & {
  /** The highest sealed position, also of what retention removed, and the id of its entry if that is left. */
  readonly sealed: string;
  readonly sealedId: string | null;
  /** Open transactions that may hold entries up to `written` that are not visible yet. */
  readonly writers: readonly string[];
  /** False: the database has gone back to a state before the highest entry of the observation before. */
  readonly isContinued: boolean;
};

const TRY_LOCK = named('audit_seals_try_lock')`
  select pg_try_advisory_xact_lock(hashtextextended('audit-seals', 0)) as locked`;

const FREEZE = named('audit_seals_freeze')`set transaction isolation level repeatable read, read only`;

/** The highest sealed position, also of what retention removed. */
export const SEALED =
  'coalesce((select max(through) from audit_seals), (select max(through) from audit_anchors), 0)';

/** Counts at most 10,000 entries: more means that sealing has stopped. */
const LAG = named('audit_seals_lag')`
  select count(*)::int as entries,
    coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0)::float8 as "oldestSeconds"
  from (select created_at from audit_entries where position > ${SEALED} order by position limit 10000) unsealed`;

/**
 * Every transaction that has written an entry, or is about to, holds this lock until it ends. A prepared one belongs to no
 * process, so its pid is null.
 */
const OPEN_WRITERS = `
    select case when pid is null then '${PREPARED}' else '' end || virtualtransaction from pg_locks
    where locktype = 'relation' and mode = 'RowExclusiveLock' and relation = 'audit_entries'::regclass
      and database = (select oid from pg_database where datname = current_database())
      and pid is distinct from pg_backend_pid()`;

/** Positions are read in the snapshot of the statement, which is older than the list of locks. $1, $2: `HighestEntry`. */
const OBSERVATION = named('audit_seals_observation')`
  select coalesce(e.position, 0) as written, e.id as "writtenId", s.sealed,
    (select id from audit_entries where position = s.sealed) as "sealedId",
    $2::uuid is null or exists (select from audit_entries where position = $1 and id = $2) as "isContinued",
    array(${OPEN_WRITERS}) as writers
  from (select ${SEALED} as sealed) s
    left join (select position, id from audit_entries order by position desc limit 1) e on true`;

const ENDS = named('audit_seals_ends')`
  select c.chain, coalesce(s.sequence, a.sequence) as sequence, coalesce(s.through, a.through) as through,
    coalesce(s.mac, a.mac) as mac
  from unnest($1::uuid[]) as c (chain)
  left join lateral (
    select sequence, through, mac from audit_seals where chain = c.chain order by sequence desc limit 1) s on true
  left join audit_anchors a on a.chain = c.chain
  where s.mac is not null or a.mac is not null`;

const INSERT = named('audit_seals_insert')`
  insert into audit_seals (chain, sequence, through, entries, newest_at, mac)
  select * from unnest($1::uuid[], $2::int[], $3::bigint[], $4::int[], $5::timestamptz[], $6::bytea[])`;

const COLUMNS = 'chain, sequence, through, entries, newest_at as "newestAt", mac, sealed_at as "sealedAt"';

/** By the database's clock (docs/contract/installation.md#clock), since entries are removed permanently. */
const OLDEST_ROUND_OLDER_THAN = named('audit_seals_oldest_round_older_than')`
  with oldest as (select min(through) as through from audit_seals)
  select ${COLUMNS} from audit_seals where through = (select through from oldest) and not exists (
    select from audit_seals where through = (select through from oldest)
      and newest_at >= now() - make_interval(hours => 24 * $1::int))
  order by chain`;

const AFTER = named('audit_seals_after')`
  select ${COLUMNS} from audit_seals where chain = $1 and sequence > $2 order by sequence limit $3`;

const ONE = named('audit_seals_one')`select ${COLUMNS} from audit_seals where chain = $1 and sequence = $2`;

const ANCHORS = named('audit_seals_anchors')`
  select chain, sequence, through, mac, signature from audit_anchors where chain = any($1::uuid[])`;

const PUT_ANCHORS = named('audit_seals_put_anchors')`
  insert into audit_anchors (chain, sequence, through, mac, signature)
  select * from unnest($1::uuid[], $2::int[], $3::bigint[], $4::bytea[], $5::bytea[])
  on conflict (chain) do update set sequence = excluded.sequence, through = excluded.through,
    mac = excluded.mac, signature = excluded.signature, removed_at = now()`;

const REMOVE_BATCH = { name: 'audit_seals_remove_round', text: 'delete from audit_seals where through = $1' };

/** One index look-up per chain. */
const NEXT_CHAIN = named('audit_seals_next_chain')`
  select least(
    (select org_id from audit_entries where org_id > $1 order by org_id limit 1),
    (select chain from audit_seals where chain > $1 order by chain limit 1),
    (select chain from audit_anchors where chain > $1 order by chain limit 1)) as chain`;

/** Genuine sequences start at 1; inserted ones may be lower. */
const LOWEST_SEQUENCE = -(2 ** 31);
const PAGE = 500; // seals held in memory
const NOTHING: HighestEntry = { written: '0', writtenId: null };

@Injectable()
export class AuditSealsRepository {
  constructor(private readonly sql: Sql) {}

  /** False if another replica holds the lock; held until the transaction ends. */
  async tryLock(): Promise<boolean> {
    return (await this.sql.one<{ locked: boolean }>(TRY_LOCK, [])).locked;
  }

  /** Makes the transaction read one snapshot. */
  async useSnapshot(): Promise<void> {
    await this.sql.affected(FREEZE, []);
  }

  /** The number of entries that are not sealed yet, at most 10,000, and the age of the oldest. */
  getLag(): Promise<AuditLag> {
    return this.sql.one<AuditLag>(LAG, []);
  }

  /** By chain; a chain without seals is missing. */
  async findEnds(chains: readonly string[]): Promise<Map<string, ChainEnd>> {
    const rows = await this.sql.rows<ChainEnd & { chain: string }>(ENDS, [chains]);
    return new Map(rows.map((row) => [row.chain, row]));
  }

  async insert(seals: readonly NewSeal[]): Promise<void> {
    await this.sql.affected(
      INSERT,
      columns(seals, ['chain', 'sequence', 'through', 'entries', 'newestAt', 'mac']),
    );
  }

  /** Empty if there is no batch, or one of its entries is younger. */
  listOldestRoundOlderThan(days: number): Promise<AuditSeal[]> {
    return this.sql.rows<AuditSeal>(OLDEST_ROUND_OLDER_THAN, [days]);
  }

  /** In one statement: positions first, then who is writing. @param before of the observation before */
  observe({ written, writtenId }: HighestEntry = NOTHING): Promise<WritingObservation> {
    return this.sql.one<WritingObservation>(OBSERVATION, [written, writtenId]);
  }

  /** In order of sequence. */
  async *streamSeals(chain: string): AsyncGenerator<AuditSeal> {
    let page: AuditSeal[] = [];
    do {
      page = await this.sql.rows<AuditSeal>(AFTER, [chain, page.at(-1)?.sequence ?? LOWEST_SEQUENCE, PAGE]);
      yield* page;
    } while (page.length === PAGE);
  }

  find(chain: string, sequence: number): Promise<AuditSeal | null> {
    return this.sql.row<AuditSeal>(ONE, [chain, sequence]);
  }

  /** By chain. */
  async findAnchors(chains: readonly string[]): Promise<Map<string, NewAnchor>> {
    const rows = await this.sql.rows<NewAnchor>(ANCHORS, [chains]);
    return new Map(rows.map((row) => [row.chain, row]));
  }

  async upsertAnchors(anchors: readonly NewAnchor[]): Promise<void> {
    await this.sql.affected(
      PUT_ANCHORS,
      columns(anchors, ['chain', 'sequence', 'through', 'mac', 'signature']),
    );
  }

  async removeBatch(through: string): Promise<void> {
    await this.sql.affected(REMOVE_BATCH, [through]);
  }

  /** All chains with entries, seals or an anchor, in order; `NO_ORG` is always the first. */
  async *streamChains(): AsyncGenerator<string> {
    let chain: string | null = NO_ORG;
    while (chain !== null) {
      yield chain;
      chain = (await this.sql.one<{ chain: string | null }>(NEXT_CHAIN, [chain])).chain;
    }
  }
}

/** Rows transposed to the columns for `unnest`. */
const columns = <Row>(rows: readonly Row[], names: readonly (keyof Row)[]): unknown[][] =>
  names.map((name) => rows.map((row) => row[name]));
