import { dataOf, toApiError } from './errors.js';
import type { Api, FetchResult, paths } from './schema.js';

const ROWS = 100;

type ItemPage<Item> =
  { items: Item[]; next_cursor?: string | null } | { items: Item[]; cursor?: string | null };

/**
 * All items of a list with cursors, page by page:
 * `everyItem((cursor) => api.GET(path, { params: { query: { ...(cursor && { cursor }), limit: 100 } } }))`.
 *
 * @throws ApiError
 */
export async function* everyItem<Item>(
  page: (cursor: string | undefined) => Promise<FetchResult<ItemPage<Item>>>,
): AsyncGenerator<Item, void, undefined> {
  let cursor: string | undefined;
  do {
    const { items, ...next }: ItemPage<Item> = await dataOf(page(cursor));
    yield* items;
    cursor = ('next_cursor' in next ? next.next_cursor : 'cursor' in next ? next.cursor : null) ?? undefined;
  } while (cursor !== undefined);
}

/**
 * All rows of a list with `limit` and `offset`. Ask for an order in which new rows come last, so that none is seen twice:
 * `everyRow((part) => api.GET(path, { params: { query: { ...part, sort_by_desc: false } } }))`.
 *
 * @throws ApiError
 */
export async function* everyRow<Row>(
  page: (part: { limit: number; offset: number }) => Promise<FetchResult<Row[]>>,
  limit = ROWS,
): AsyncGenerator<Row, void, undefined> {
  for (let offset = 0; ; offset += limit) {
    const rows = await dataOf(page({ limit, offset }));
    yield* rows;
    if (rows.length < limit) return;
  }
}

/** All of what `everyItem`, `everyRow` or `streamRows` returns, once it has arrived. */
export async function collect<Row>(rows: AsyncIterable<Row>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

/**
 * The rows of a page, and how many there are on all pages.
 *
 * @throws ApiError
 */
export async function pageOf<Row>(
  call: Promise<FetchResult<Row[]>>,
): Promise<{ rows: Row[]; total: number }> {
  const { data, error, response } = await call;
  if (!response.ok) throw toApiError(response, error);
  const rows = data ?? [];
  return { rows, total: Number(response.headers.get('x-pagination-total') ?? rows.length) };
}

type RowAt<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { 'application/json': (infer Row)[] } } } };
}
  ? Row
  : never;

/** The paths of lists without an envelope. */
export type ListPath = { [Path in keyof paths]: RowAt<Path> extends never ? never : Path }[keyof paths];

type ParametersOf<Path extends ListPath> = paths[Path] extends { get: { parameters: infer Parameters } }
  ? Parameters
  : never;

/**
 * The rows of a list without pages as they arrive, so that a list of any length needs the memory of a few rows. Throws if the
 * connection ends before the list does.
 *
 * @throws ApiError
 */
export async function* streamRows<Path extends ListPath>(
  api: Api,
  path: Path,
  params?: ParametersOf<Path>,
): AsyncGenerator<RowAt<Path>, void, undefined> {
  const get = api.GET as (
    path: string,
    init: object,
  ) => Promise<FetchResult<ReadableStream<Uint8Array<ArrayBuffer>>>>;
  const body = await dataOf(get(path, { params, parseAs: 'stream' }));
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  const rows = new RowReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      for (const row of rows.read(value)) yield JSON.parse(row) as RowAt<Path>;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
  if (!rows.isComplete) throw new TypeError('the connection ended before the list did');
}

/** Cuts the text of a JSON array into the texts of its elements, which are objects or arrays. */
class RowReader {
  isComplete = false;
  private row = '';
  /** 1: in the array; from 2 on, in an element. */
  private depth = 0;
  private isInString = false;
  private isEscaped = false;

  *read(text: string): Generator<string> {
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const depth = this.depth;
      this.depthAfter(text.charAt(at));
      if (depth === 1 && this.depth === 2) start = at;
      if (depth === 2 && this.depth === 1) {
        yield this.row + text.slice(start, at + 1);
        this.row = '';
      }
    }
    if (this.depth > 1) this.row += text.slice(start);
  }

  private depthAfter(character: string): void {
    if (this.isInString) {
      if (this.isEscaped) this.isEscaped = false;
      else if (character === '\\') this.isEscaped = true;
      else if (character === '"') this.isInString = false;
    } else if (character === '"') this.isInString = true;
    else if (character === '{' || character === '[') this.depth++;
    else if (character === '}' || character === ']') this.isComplete = --this.depth === 0;
  }
}
