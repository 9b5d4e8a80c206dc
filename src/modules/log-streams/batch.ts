import { type AuditEntry, toOcsf } from '../audit/index.js';

/** Entries that are sent in one request, as lines. `last`: the position of the last one. */
export type Batch = { readonly lines: readonly string[]; readonly last: string };

export const MOST_LINES = 1000;
const MOST_BYTES = 1_000_000;

/** The first of the entries that fit, and at least one. */
export function batchOf(entries: readonly AuditEntry[]): Batch | null {
  const lines: string[] = [];
  let bytes = 0;
  for (const entry of entries.slice(0, MOST_LINES)) {
    const line = JSON.stringify(toOcsf(entry));
    bytes += Buffer.byteLength(line) + 1;
    if (bytes > MOST_BYTES && lines.length > 0) break;
    lines.push(line);
  }
  const last = entries[lines.length - 1];
  return last ? { lines, last: last.position } : null;
}
