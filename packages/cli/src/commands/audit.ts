import { type Api, collect, dataOf, everyItem, type Schemas } from '@tenantry/client';
import type { Connection } from '../connection.js';
import { note, type Output } from '../terminal.js';
import { Failure, EXIT } from '../failures.js';

type Entry = Schemas['OCSFApiActivity'];

const PATH = '/api/v1/audit-logs';
const EVENTS = '/api/v1/orgs/current/events';
/** An entry has the time at which its change began, and is seen when it is complete. */
const OVERLAP_MS = 60_000;
/** How long the server waits for something to happen. */
const WAIT_SECONDS = 30;
const MOST_LINES = 100;
/** Of an entry in a line; JSON has all. */
const MOST_RESOURCES = 3;
/** The operation of reading this log. */
const READING = 'get_audit_logs';
const FAR_AWAY = '2100-01-01T00:00:00Z';

const COLUMNS = {
  time: ({ time }: Entry) => new Date(time).toISOString(),
  status: ({ status }: Entry) => status.padEnd(7),
  operation: ({ api }: Entry) => api.operation,
  user: ({ actor }: Entry) => actor.user.uid ?? actor.user.credential_uid,
  address: (entry: Entry) => entry.src_endpoint.ip,
  resources: ({ resources }: Entry) => {
    const more = resources.length - MOST_RESOURCES;
    const shown = resources.slice(0, MOST_RESOURCES).map(({ uid }) => uid);
    return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(' ');
  },
};

type TailOptions = { follow?: boolean; lines: string };

/** The newest entries, oldest first, and with `follow` what happens from then on. */
export async function tail(
  { api }: Connection,
  output: Output,
  { follow = false, lines }: TailOptions,
): Promise<void> {
  const limit = Number(lines);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_LINES)
    throw new Failure(`--lines is a number from 1 to ${MOST_LINES}.`, EXIT.usage);
  if (follow) process.stdout.once('error', () => process.exit(0)); // the reader, for example head, has seen enough
  const cursor = follow ? await cursorOfNow(api) : '';
  const page = await newestEntries(api, follow ? MOST_LINES : limit);
  const shown = page.filter(({ api: { operation } }) => !follow || operation !== READING).slice(-limit);
  if (output.isJson && !follow) return output.rows(shown, COLUMNS, '');
  if (shown.length === 0) note('The audit log is empty.');
  for (const entry of shown) output.row(entry, COLUMNS);
  if (follow) for await (const entry of following(api, page, cursor)) output.row(entry, COLUMNS);
}

async function newestEntries(api: Api, limit: number): Promise<Entry[]> {
  const query = { start_time: '1970-01-01T00:00:00Z', end_time: FAR_AWAY, limit };
  const { items } = await dataOf(api.GET(PATH, { params: { query } }));
  return items.reverse();
}

/**
 * Every entry once. Reading the audit log makes an entry, too: so it is read only when there is an event, and entries about reading
 * it are left out.
 */
async function* following(
  api: Api,
  page: readonly Entry[],
  cursor: string,
): AsyncGenerator<Entry, void, undefined> {
  const oldest = page.length === MOST_LINES ? (page[0]?.time ?? 0) : 0;
  let last = page.at(-1)?.time ?? Date.now();
  let seen = new Map(page.map(({ metadata, time }) => [metadata.uid, time]));
  const { types } = await dataOf(api.GET(`${EVENTS}/types`));
  const wanted = types.filter((type) => type !== 'audit_log.read');
  for (let after = cursor; ;) {
    after = await afterEvents(api, wanted, after);
    for (const entry of await since(api, Math.max(oldest, last - OVERLAP_MS))) {
      if (seen.has(entry.metadata.uid)) continue;
      seen.set(entry.metadata.uid, entry.time);
      last = Math.max(last, entry.time);
      if (entry.api.operation !== READING) yield entry;
    }
    seen = new Map([...seen].filter(([, time]) => time >= last - OVERLAP_MS));
  }
}

async function cursorOfNow(api: Api): Promise<string> {
  const query = { after: 'now', limit: 1 };
  return (await dataOf(api.GET(EVENTS, { params: { query } }))).next_cursor;
}

/** Returns once something has happened after this cursor, with the cursor after that. */
async function afterEvents(api: Api, types: Schemas['EventType'][], cursor: string): Promise<string> {
  for (let after = cursor; ;) {
    const query = { types, limit: 1000, wait: WAIT_SECONDS, after };
    const { items, next_cursor: next } = await dataOf(api.GET(EVENTS, { params: { query } }));
    if (items.length > 0) return next;
    after = next;
  }
}

async function since(api: Api, begin: number): Promise<Entry[]> {
  const query = { start_time: new Date(begin).toISOString(), end_time: FAR_AWAY, limit: MOST_LINES };
  const entries = await collect(
    everyItem((cursor) => api.GET(PATH, { params: { query: { ...query, ...(cursor ? { cursor } : {}) } } })),
  );
  return entries.reverse();
}
