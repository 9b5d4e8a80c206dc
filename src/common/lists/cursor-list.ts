import { createHash } from 'node:crypto';
import { last } from '../collections.js';
import { UUID } from '../http/operations/value-checks.js';
import { parsedJson } from '../json.js';

/** Where the next page begins: after the row with this sort key and id. Lists that are sorted by id alone have no key. */
export type ListPosition = { readonly key: string; readonly id: string };

const TIME = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,6}Z$/;

/** Whether a sort key is a time that PostgreSQL reads. Of a day that the calendar has; `Date` reads February 31 as a day of March. */
export const isTimeKey = (key: string): boolean =>
  TIME.test(key) &&
  Number.isFinite(Date.parse(key)) &&
  new Date(key).toISOString().slice(0, 19) === key.slice(0, 19);

/** Validated query of a list with pages (docs/contract/http.md#lists-with-cursors). */
type CursorQuery = { page_size: number; cursor?: string | null | undefined };

/**
 * One request for a page of a list. `scope` names the list with everything that selects its rows: organization, group,
 * filters. The cursor is not secret and carries a position only: the statement that reads the rows limits them to
 * those that the caller may see.
 */
export class CursorList {
  /** Null on the first page, and for a cursor that this list has not issued. */
  readonly after: ListPosition | null;
  /** One row more than the page has, which says whether another page follows. */
  readonly limit: number;
  private readonly digest: string;

  constructor(query: CursorQuery, scope: readonly (string | null)[]) {
    this.digest = createHash('sha256').update(JSON.stringify(scope)).digest('base64url').slice(0, 16);
    this.limit = query.page_size + 1;
    this.after = this.positionOf(query.cursor ?? '');
  }

  /** The response for at most `limit` rows that follow `after`. */
  page<Row, Item>(
    rows: readonly Row[],
    positionOf: (row: Row) => ListPosition,
    toItem: (row: Row) => Item,
  ): { items: Item[]; next_cursor: string | null } {
    const shown = rows.slice(0, this.limit - 1);
    const items = shown.map(toItem);
    return { items, next_cursor: rows.length < this.limit ? null : this.cursorOf(positionOf(last(shown))) };
  }

  private cursorOf({ key, id }: ListPosition): string {
    return Buffer.from(JSON.stringify([this.digest, key, id])).toString('base64url');
  }

  private positionOf(cursor: string): ListPosition | null {
    const parts = parsedJson(Buffer.from(cursor, 'base64url').toString());
    const [digest, key, id] = Array.isArray(parts) ? (parts as unknown[]) : [];
    const isPosition = typeof key === 'string' && typeof id === 'string' && UUID.test(id);
    if (digest !== this.digest || !isPosition || key.includes('\0')) return null;
    return { key, id };
  }
}
