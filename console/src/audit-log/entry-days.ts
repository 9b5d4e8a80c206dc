import type { Entry } from './targets';

/** Equal entries in short succession, newest first; most have one. */
export type Burst = { readonly newest: Entry; readonly entries: readonly Entry[] };
/** A day of the reader, newest first. */
export type Day = { readonly start: Date; readonly bursts: readonly Burst[] };

/** Fewer are shown one by one. */
const FEWEST = 3;
const LONGEST_PAUSE_MS = 10 * 60 * 1000;

/** `entries` are newest first. */
export function daysOf(entries: readonly Entry[]): Day[] {
  const days = Map.groupBy(entries, ({ time }) => new Date(time).setHours(0, 0, 0, 0));
  return [...days].map(([start, ofDay]) => ({ start: new Date(start), bursts: burstsOf(ofDay) }));
}

function burstsOf(entries: readonly Entry[]): Burst[] {
  const runs: [Entry, ...Entry[]][] = [];
  for (const entry of entries) {
    const run = runs.at(-1);
    const previous = run?.at(-1);
    if (run && previous && continues(previous, entry)) run.push(entry);
    else runs.push([entry]);
  }
  return runs.flatMap((run) => (run.length < FEWEST ? run.map((entry) => toBurst([entry])) : [toBurst(run)]));
}

const toBurst = (entries: [Entry, ...Entry[]]): Burst => ({ newest: entries[0], entries });

const continues = (newer: Entry, older: Entry): boolean =>
  newer.time - older.time <= LONGEST_PAUSE_MS && facts(newer) === facts(older);

/** What equal entries have in common: all but their time and what they concern. */
const facts = ({ api, actor: { user }, status_id: status, unmapped }: Entry): string =>
  [api.operation, status, user.uid, user.credential_uid, unmapped.original_audit_log.workspace_id].join(' ');
