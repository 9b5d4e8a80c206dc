import { describe, expect, it } from '@jest/globals';
import { CursorList, isTimeKey } from './cursor-list.js';

const ROWS = ['a', 'b', 'b', 'c', 'd'].map((key, index) => ({
  key,
  id: `0198c5a0-0000-7000-8000-00000000000${index}`,
}));
const ORG = '0198c5a0-0000-7000-8000-0000000000aa';
const SCOPE = ['groups', ORG, null];

type Row = (typeof ROWS)[number];
const isAfter = (row: Row, { key, id }: Row) => row.key > key || (row.key === key && row.id > id);

/** A page of `ROWS`, read as a statement would read it. */
function pageOf(query: { page_size: number; cursor?: string | null }, scope: (string | null)[] = SCOPE) {
  const list = new CursorList(query, scope);
  const { after } = list;
  const rows = ROWS.filter((row) => after === null || isAfter(row, after)).slice(0, list.limit);
  return list.page(
    rows,
    (row) => row,
    ({ id }) => Number(id.at(-1)),
  );
}

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const firstCursor = pageOf({ page_size: 2 }).next_cursor ?? '';
const [digest] = JSON.parse(Buffer.from(firstCursor, 'base64url').toString()) as string[];

describe('CursorList', () => {
  it('returns every row once over all pages, and no cursor on the last one', () => {
    const second = pageOf({ page_size: 2, cursor: firstCursor });
    const third = pageOf({ page_size: 2, cursor: second.next_cursor });

    expect(pageOf({ page_size: 2 }).items).toEqual([0, 1]);
    expect([second.items, third.items, third.next_cursor]).toEqual([[2, 3], [4], null]);
  });

  it('returns no cursor when the last page is full', () => {
    expect(pageOf({ page_size: 5 })).toEqual({ items: [0, 1, 2, 3, 4], next_cursor: null });
  });

  it('starts at the first page with a cursor of another organization or of other filters', () => {
    expect(pageOf({ page_size: 2, cursor: firstCursor }, ['groups', 'another', null]).items).toEqual([0, 1]);
    expect(pageOf({ page_size: 2, cursor: firstCursor }, ['groups', ORG, 'filter']).items).toEqual([0, 1]);
  });

  it.each([
    ['no base64', '%%%'],
    ['no JSON', Buffer.from('cursor').toString('base64url')],
    ['no list', encoded({})],
    ['no position', encoded([digest])],
    ['a key that is no text', encoded([digest, 1, ROWS[0]?.id])],
    ['a key that PostgreSQL refuses', encoded([digest, 'a\0', ROWS[0]?.id])],
    ['an id that is no UUID', encoded([digest, 'a', "' or 1=1"])],
  ])('starts at the first page with a cursor that is %s', (_, cursor) => {
    expect(pageOf({ page_size: 2, cursor }).items).toEqual([0, 1]);
  });

  it('starts at the first page with a key that is no time, where the statement expects one', () => {
    const at = (key: string) => {
      const cursor = encoded([digest, key, ROWS[0]?.id]);
      return new CursorList({ limit: 2, cursor }, SCOPE, isTimeKey).after?.key ?? null;
    };

    expect(at('2026-12-01T10:00:00.123456Z')).toBe('2026-12-01T10:00:00.123456Z');
    expect(['now', '2026-02-31T10:00:00.000Z', ''].map(at)).toEqual([null, null, null]);
  });
});
