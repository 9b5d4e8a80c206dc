import createClient from 'openapi-fetch';
import type { components, paths } from './generated/served.d.ts';

export type Group = components['schemas']['UserGroup'];
export type Grant = components['schemas']['UserGroupGrant'];
export type Member = components['schemas']['UserGroupMember'];

type FetchResult<T> = { data?: T; error?: unknown; response: Response };
type Page<T> = { items: T[]; next_cursor: string | null };

export const connect = (server: string, key: string) =>
  createClient<paths>({ baseUrl: server, headers: { 'x-api-key': key } });

export async function dataOf<T>(call: Promise<FetchResult<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (response.status === 204) return undefined as T;
  if (data === undefined) throw new Error(`HTTP ${response.status}: ${JSON.stringify(error)}`);
  return data;
}

/** All pages of a list with cursors. `page`: reads the page with this query. */
export async function all<T>(
  page: (query: { page_size: number; cursor?: string }) => Promise<Page<T>>,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null | undefined;
  do {
    const next: Page<T> = await page({ page_size: 100, ...(cursor ? { cursor } : {}) });
    items.push(...next.items);
    cursor = next.next_cursor;
  } while (cursor);
  return items;
}
