import type { Conflict, Forbidden, NotFound } from '../../../common/errors/domain-error.js';
import { entityColumns } from '../../../database/statements/entity-columns.js';
import { isTooFarAhead } from '../../../database/statements/too-far-ahead.js';
import { named, type Statement } from '../../../database/transactions/sql.js';
import { entriesAfter } from '../../events/index.js';
import type { Receiver, ReceiverKindName } from './entities.js';

/** `listed`, `sending`: what lists have, and what sending needs, beside the row. */
export type Types = { readonly row: Receiver; readonly listed: object; readonly sending: object };

/** By their published names. Absent: unchanged. */
export type ReceiverFields<T extends Types> = Readonly<Record<string, Partial<T['row']>>>;

/** What is different about receivers of one kind, without how something is sent to them (`Sender`). */
type Definition<T extends Types> = {
  readonly name: ReceiverKindName;
  readonly entity: new () => T['row'];
  /** In SQL, `from` and the table. */
  readonly from: string;
  /** In SQL. `r` is the row, `c` its cursor, `next` the first entry after that. */
  readonly listed: Readonly<Record<keyof T['listed'], string>>;
  readonly sending: Readonly<Record<keyof T['sending'], string>>;
  /** In SQL, how long from now the receiver may want no requests. */
  readonly longestPause: string;
  /** Per organization. */
  readonly limit: number;
  readonly NotFound: new () => NotFound;
  readonly TooMany: new () => Conflict;
  readonly OnlyAdmins: new () => Forbidden;
  /** Enabled again, it goes on where it was, not with what happens then. */
  readonly skipsNothing: boolean;
  /** May not be compared, so that it is changed whenever it is given. */
  readonly secretField?: string;
  assertMayGet?(row: T['row'], fields: ReceiverFields<T>): void;
  /** Whether sending begins again at once, as when it is enabled, and what is written then. */
  restartsWith(changed: readonly string[], row: T['row']): boolean;
  readonly restarted: Partial<T['row']>;
};

export type ReceiverKind<T extends Types = Types> = Definition<T> & {
  readonly statements: Readonly<Record<'list' | 'lock' | 'sending' | 'bringForward', Statement>>;
};

const columns = (expressions: Readonly<Record<string, string>>): string =>
  Object.entries(expressions)
    .map(([name, expression]) => `, ${expression} as "${name}"`)
    .join('');

export function receiverKind<T extends Types>(kind: Definition<T>): ReceiverKind<T> {
  const row = entityColumns(kind.entity);
  const statements = {
    /** Newest first. $2: one receiver, or null; $3: those before, or null. */
    list: named(`${kind.name}s_list`)`
      select r.* ${columns(kind.listed)}
      from (
        select ${row} ${kind.from}
        where org_id = $1 and ($2::uuid is null or id = $2) and ($3::uuid is null or id < $3)
        order by id desc limit $4) r
        left join log_cursors c on c.id = r.id
        left join lateral (select e.created_at ${entriesAfter('c.org_id', 'c.position')} limit 1) next on true
      order by r.id desc`,
    /** Before rows in other tables, so that two transactions lock them in the same order. */
    lock: named(`${kind.name}s_lock`)`
      select ${row} ${kind.from} where org_id = $1 and id = any($2) order by id for no key update`,
    sending: named(`${kind.name}s_sending`)`
      select ${row}, disabled_at is null as "isEnabled", extract(epoch from now())::float8 as now
        ${columns(kind.sending)} ${kind.from} where org_id = $1 and id = $2`,
    bringForward: named(`${kind.name}s_bring_forward`)`
      update log_cursors set due_at = now() where id in (
        select r.id ${kind.from} r join log_cursors c on c.id = r.id
        where ${isTooFarAhead('c.due_at', kind.longestPause)})`,
  };
  return { ...kind, statements };
}
