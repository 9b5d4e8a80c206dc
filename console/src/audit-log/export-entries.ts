import type { Api } from '../api/client';
import { toCsvCell } from '../files/csv';
import type { People } from './targets';
import { LARGEST_PAGE, readPage } from './use-audit-log';
import type { Entry } from './targets';
import type { Shown } from './use-filter';

/** The newest entries; more are left out, which the dialog says. */
export const EXPORT_LIMIT = 10_000;

export type Format = 'csv' | 'json';
export type Exported = { readonly count: number; readonly isComplete: boolean; readonly file: Blob };

type Options = { format: Format; signal: AbortSignal; onProgress: (count: number) => void };

/** Reads page after page, and keeps only the text of the file. */
export async function exportEntries(api: Api, shown: Shown, options: Options): Promise<Exported> {
  const { format, signal, onProgress } = options;
  const write = WRITERS[format];
  const parts: string[] = [];
  let cursor: string | null = null;
  let count = 0;
  do {
    signal.throwIfAborted();
    const page = await readPage(api, shown, cursor, LARGEST_PAGE);
    parts.push(...page.entries.map((entry) => write.entry(entry, page.people)));
    count += page.entries.length;
    onProgress(count);
    cursor = page.next;
  } while (cursor && count < EXPORT_LIMIT);
  signal.throwIfAborted();
  const text = write.start + parts.join(write.between) + write.end;
  return { count, isComplete: cursor === null, file: new Blob([text], { type: write.type }) };
}

type Writer = {
  type: string;
  start: string;
  between: string;
  end: string;
  entry: (entry: Entry, people: People) => string;
};

type Cell = (entry: Entry, people: People) => string | number | null | undefined;

/** The columns of a CSV file, in their order. */
const COLUMNS: Record<string, Cell> = {
  time: ({ time }) => new Date(time).toISOString(),
  operation: ({ api }) => api.operation,
  status: ({ status }) => status,
  status_code: ({ http_response: { code } }) => code,
  email: ({ actor }, people) => actor.user.uid && people.get(actor.user.uid)?.email,
  user_id: ({ actor }) => actor.user.uid,
  credential_id: ({ actor }) => actor.user.credential_uid,
  workspace_id: ({ unmapped }) => unmapped.original_audit_log.workspace_id,
  method: ({ http_request: { http_method: method } }) => method,
  path: ({ http_request: { url } }) => url.path,
  client_ip: ({ src_endpoint: { ip } }) => ip,
  resource_ids: ({ resources }) => resources.map(({ uid }) => uid).join(' '),
  request_id: ({ unmapped }) => unmapped.original_audit_log.enrichments?.request_id,
  id: ({ metadata }) => metadata.uid,
};

const WRITERS: Record<Format, Writer> = {
  json: {
    type: 'application/json',
    start: '[\n',
    between: ',\n',
    end: '\n]\n',
    entry: (entry) => JSON.stringify(entry),
  },
  csv: {
    type: 'text/csv',
    start: `${Object.keys(COLUMNS).join(',')}\r\n`,
    between: '\r\n',
    end: '\r\n',
    entry: (entry, people) =>
      Object.values(COLUMNS)
        .map((cell) => toCsvCell(cell(entry, people)))
        .join(','),
  },
};
