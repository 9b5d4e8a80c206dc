import { Injectable } from '@nestjs/common';
import { type AuditEntry, AuditNamesRepository, toOcsf } from '../../audit/index.js';
import { EventsReadModel } from '../../events/index.js';
import type { LogClaim } from '../core/log-cursors.repository.js';
import type { SendingLogStream } from './log-stream-kind.js';

/** Entries that are sent in one request, as lines. `isAll`: none up to the horizon is left out. */
export type Batch = {
  readonly lines: readonly string[];
  readonly first: AuditEntry;
  readonly last: AuditEntry;
  readonly isAll: boolean;
};

const MOST_LINES = 1000;
const MOST_BYTES = 1_000_000;

@Injectable()
export class LoadBatch {
  constructor(
    private readonly events: EventsReadModel,
    private readonly names: AuditNamesRepository,
  ) {}

  /** The first of the entries that fit, and at least one. Null if no entry is left. */
  async run({ orgId, position, horizon }: LogClaim, receiver: SendingLogStream): Promise<Batch | null> {
    const range = { from: BigInt(position) + 1n, through: horizon.position, limit: MOST_LINES };
    const entries = await this.events.listEntries(orgId, range);
    const names = receiver.includeNames ? await this.names.findIn(orgId, entries) : undefined;
    const lines: string[] = [];
    let bytes = 0;
    for (const entry of entries) {
      const line = JSON.stringify(toOcsf(entry, names));
      bytes += Buffer.byteLength(line) + 1;
      if (bytes > MOST_BYTES && lines.length > 0) break;
      lines.push(line);
    }
    const [first, last] = [entries[0], entries[lines.length - 1]];
    const isAll = lines.length === entries.length && entries.length < MOST_LINES;
    return first && last ? { lines, first, last, isAll } : null;
  }
}
