import { createHash } from 'node:crypto';
import { last } from '../collections.js';
import { UUID } from '../http/operations/value-checks.js';
import { parsedJson } from '../json.js';

/** Where the next page begins: after the row with this sort key and id. Lists that are sorted by id alone have no key. */
export type ListPosition = { readonly key: string; readonly id: string };

/** What a statement reads of a list: the rows after the position, null for the first ones. */
export type ListPage = { readonly after: ListPosition | null; readonly limit: number };

const TIME = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,6}Z$/;

/** Whether a sort key is a time that PostgreSQL reads, on a day that exists: `Date` reads February 31 as a day of March. */
export const isTimeKey = (key: string): boolean =>
  TIME.test(key) &&
  Number.isFinite(Date.parse(key)) &&
  new Date(key).toISOString().slice(0, 19) === key.slice(0, 19);

/**
 * The text of positions in one list. `scope` names the list with everything that selects its rows: organization, group,
 * filters. The text is not secret and carries a position only: the statement that reads the rows limits them to
 * those that the caller may see.
 */
export class CursorText {
  private readonly digest: string;

  constructor(scope: readonly unknown[]) {
    this.digest = createHash('sha256').update(JSON.stringify(scope)).digest('base64url').slice(0, 16);
  }

  encode(...position: readonly string[]): string {
    return Buffer.from(JSON.stringify([this.digest, ...position])).toString('base64url');
  }

  /** The parts of the position; none if the text is not of this list. */
  decode(text: string): readonly unknown[] {
    const parts = parsedJson(Buffer.from(text, 'base64url').toString());
    const [digest, ...position] = Array.isArray(parts) ? (parts as unknown[]) : [];
    return digest === this.digest ? position : [];
  }
}

/** Validated query of a list with pages (docs/contract/http.md#lists-with-cursors); some lists call the size `limit`. */
type CursorQuery = ({ page_size: number } | { limit: number }) & { cursor?: string | null | undefined };

/** One request for a page of a list. */
export class CursorList implements ListPage {
  /** Null on the first page, and for a cursor that this list has not issued. */
  readonly after: ListPosition | null;
  /** One row more than the page has, which says whether another page follows. */
  readonly limit: number;
  private readonly text: CursorText;

  /** @param isKey whether a text can be the key of a row, where the statement expects more than text */
  constructor(
    query: CursorQuery,
    scope: readonly (string | null)[],
    private readonly isKey: (key: string) => boolean = () => true,
  ) {
    this.text = new CursorText(scope);
    this.limit = ('limit' in query ? query.limit : query.page_size) + 1;
    this.after = this.positionOf(query.cursor ?? '');
  }

  /** The response for at most `limit` rows that follow `after`. */
  page<Row, Item>(
    rows: readonly Row[],
    positionOf: (row: Row) => { readonly id: string; readonly key?: string },
    toItem: (row: Row) => Item,
  ): { items: Item[]; next_cursor: string | null } {
    const shown = rows.slice(0, this.limit - 1);
    const items = shown.map(toItem);
    if (rows.length < this.limit) return { items, next_cursor: null };
    const { key = '', id } = positionOf(last(shown));
    return { items, next_cursor: this.text.encode(key, id) };
  }

  private positionOf(cursor: string): ListPosition | null {
    const [key, id] = this.text.decode(cursor);
    const isPosition = typeof key === 'string' && typeof id === 'string' && UUID.test(id);
    return isPosition && !key.includes('\0') && this.isKey(key) ? { key, id } : null;
  }
}
