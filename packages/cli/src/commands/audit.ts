import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, ApiError, collect, dataOf, everyItem, type Schemas } from '@tenantry/client';
import type { Connection } from '../connection.js';
import { refreshSettled } from '../login-tokens.js';
import { note, type Output } from '../terminal.js';
import { Failure, EXIT, toFailure } from '../failures.js';

type Entry = Schemas['OCSFApiActivity'];

const PATH = '/api/v1/audit-logs';
const EVENTS = '/api/v1/orgs/current/events';
const MEMBERS = '/v1/platform/orgs/current/members';
/** An entry has the time at which its change began, and is seen when it is complete. */
const OVERLAP_MS = 60_000;
/** How long the server waits for something to happen. */
const WAIT_SECONDS = 30;
/** How long `--follow` waits for a server that is being restarted or moved. */
const OUTAGE_TIMEOUT_MS = 600_000;
const PAUSE_MS = 2_000;
const MOST_LINES = 100;
/** Of an entry in a line; JSON has all. */
const MOST_RESOURCES = 3;
/** In one request for members. */
const MOST_IDS = 100;
/** The operation of reading this log. */
const READING = 'get_audit_logs';
/** The cursor's place is gone: the database was restored to an earlier state, or retention has removed what follows. */
const GONE: readonly string[] = ['cursor_gone', 'events_removed'];
const FAR_AWAY = '2100-01-01T00:00:00Z';

const shownOf = ({ resources }: Entry) => resources.slice(0, MOST_RESOURCES).map(({ uid }) => uid);

const columnsWith = (nameOf: (id: string) => string) => ({
  time: ({ time }: Entry) => new Date(time).toISOString(),
  status: ({ status }: Entry) => status.padEnd(7),
  operation: ({ api }: Entry) => api.operation,
  user: ({ actor: { user } }: Entry) => (user.uid ? nameOf(user.uid) : user.credential_uid),
  address: (entry: Entry) => entry.src_endpoint.ip,
  resources: (entry: Entry) => {
    const more = entry.resources.length - MOST_RESOURCES;
    return [...shownOf(entry).map(nameOf), ...(more > 0 ? [`and ${more} more`] : [])].join(' ');
  },
});

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
  // The reader, for example head, has seen enough.
  if (follow) process.stdout.once('error', () => void refreshSettled().then(() => process.exit(0)));
  const cursor = follow ? await cursorOfNow(api) : '';
  const page = await newestEntries(api, follow ? MOST_LINES : limit);
  const shown = page.filter(({ api: { operation } }) => !follow || operation !== READING).slice(-limit);
  const people = peopleOf(api);
  const columns = columnsWith(people.nameOf);
  if (output.isJson && !follow) return output.rows(shown, columns, '');
  if (shown.length === 0) note('The audit log is empty.');
  if (!output.isJson) await people.load(shown);
  for (const entry of shown) output.row(entry, columns);
  if (!follow) return;
  for await (const entry of following(api, page, cursor)) {
    if (!output.isJson) await outlast(() => people.load([entry]));
    output.row(entry, columns);
  }
}

/** The addresses of people by the ids of entries. Ids of others stay, and all for whoever may not read members. */
function peopleOf(api: Api) {
  const emails = new Map<string, string | undefined>();
  const load = async (entries: readonly Entry[]): Promise<void> => {
    const named = entries.flatMap((entry) => [entry.actor.user.uid ?? [], shownOf(entry)].flat());
    const ids = [...new Set(named)].filter((id) => !emails.has(id));
    for (let at = 0; at < ids.length; at += MOST_IDS) {
      const part = ids.slice(at, at + MOST_IDS);
      const query = { id_in: part, limit: MOST_IDS };
      const members = await dataOf(api.GET(MEMBERS, { params: { query } })).catch(noneIfRefused);
      for (const id of part) emails.set(id, undefined);
      for (const { email, found_by: found = [] } of members) for (const id of found) emails.set(id, email);
    }
  };
  return { load, nameOf: (id: string) => emails.get(id) ?? id };
}

function noneIfRefused(error: unknown): [] {
  if (error instanceof ApiError) return [];
  throw error;
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
  const { types } = await outlast(() => dataOf(api.GET(`${EVENTS}/types`)));
  const wanted = types.filter((type) => type !== 'audit_log.read');
  for (let after = cursor; ;) {
    after = await afterEvents(api, wanted, after);
    const begin = Math.max(oldest, last - OVERLAP_MS);
    for (const entry of await outlast(() => since(api, begin))) {
      if (seen.has(entry.metadata.uid)) continue;
      seen.set(entry.metadata.uid, entry.time);
      last = Math.max(last, entry.time);
      if (entry.api.operation !== READING) yield entry;
    }
    seen = new Map([...seen].filter(([, time]) => time >= last - OVERLAP_MS));
  }
}

/** Repeats a request while the server cannot be reached or cannot answer. */
async function outlast<Result>(request: () => Promise<Result>): Promise<Result> {
  const deadline = performance.now() + OUTAGE_TIMEOUT_MS;
  for (let attempt = 1; ; attempt++) {
    try {
      return await request();
    } catch (error) {
      const { message, exitCode } = toFailure(error);
      if (exitCode !== EXIT.unavailable || performance.now() > deadline) throw error;
      if (attempt === 1) note(`${message} Trying again.`);
      await sleep(PAUSE_MS);
    }
  }
}

async function cursorOfNow(api: Api): Promise<string> {
  const query = { after: 'now', limit: 1 };
  return (await dataOf(api.GET(EVENTS, { params: { query } }))).next_cursor;
}

/**
 * Returns once something has happened after this cursor, with the cursor after that, or at once if its place is gone: the entries
 * themselves are read by their time.
 */
async function afterEvents(api: Api, types: Schemas['EventType'][], cursor: string): Promise<string> {
  for (let after = cursor; ;) {
    const query = { types, limit: 1000, wait: WAIT_SECONDS, after };
    const page = await outlast(() => dataOf(api.GET(EVENTS, { params: { query } }))).catch(
      (error: unknown) => {
        if (error instanceof ApiError && GONE.includes(error.code)) return null;
        throw error;
      },
    );
    if (!page) return cursorOfNow(api);
    if (page.items.length > 0) return page.next_cursor;
    after = page.next_cursor;
  }
}

async function since(api: Api, begin: number): Promise<Entry[]> {
  const query = { start_time: new Date(begin).toISOString(), end_time: FAR_AWAY, limit: MOST_LINES };
  const entries = await collect(
    everyItem((cursor) => api.GET(PATH, { params: { query: { ...query, ...(cursor ? { cursor } : {}) } } })),
  );
  return entries.reverse();
}
