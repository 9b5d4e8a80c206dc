import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import type { Attempt } from '../../../common/outbound/attempt.js';
import { newId } from '../../../database/statements/new-id.js';
import { type AuditEntry, AuditNamesRepository, toOcsf } from '../../audit/index.js';
import { EventsReadModel } from '../../events/index.js';
import { BUSY_SECONDS, COLLECTING_SECONDS, type Sender } from '../core/dispatcher.job.js';
import { type LogClaim, LogCursorsRepository } from '../core/log-cursors.repository.js';
import { ReceiversService } from '../core/receivers.service.js';
import { LOG_STREAM, type LogStreamTypes, type SendingLogStream } from './log-stream-kind.js';
import { LogStreamsRepository } from './log-streams.repository.js';
import { SendLines } from './send-lines.js';

/** Entries that are sent in one request, as lines. `isAll`: none up to the horizon is left out. */
type Batch = {
  readonly lines: readonly string[];
  readonly first: AuditEntry;
  readonly last: AuditEntry;
  readonly isAll: boolean;
};

const MOST_LINES = 1000;
const MOST_BYTES = 1_000_000;
const FIRST_PAUSE_SECONDS = 5;
const LONGEST_PAUSE_SECONDS = 300;

/** Sends the audit log in batches (docs/decisions/0106). No connection to the database is held meanwhile. */
@Injectable()
export class LogStreamSender implements Sender<LogStreamTypes> {
  readonly kind = LOG_STREAM;
  readonly log = {
    context: 'LogStreamsJob',
    search: 'look for entries for log streams',
    work: 'send a batch of a log stream',
  };
  readonly mostClaims = 20;
  readonly stopWithinMs = 3000;

  constructor(
    private readonly cursors: LogCursorsRepository,
    private readonly receivers: ReceiversService,
    private readonly streams: LogStreamsRepository,
    private readonly events: EventsReadModel,
    private readonly names: AuditNamesRepository,
    private readonly sending: SendLines,
  ) {}

  /** What a log stream that was changed meanwhile, or that another process has claimed, has got is sent again. */
  async send(receiver: SendingLogStream, claim: LogClaim): Promise<boolean> {
    const batch = await this.readBatch(receiver, claim);
    if (!batch) return this.cursors.move(claim, claim.position); // retention was faster: the next entry says so
    const { lines, first, last, isAll } = batch;
    const attempt = await this.sending.run(receiver, lines, `${first.position}-${last.position}`);
    if (!attempt) return this.cursors.move(claim, claim.position, BUSY_SECONDS);
    const { outcome, retryAfterSeconds } = attempt;
    const end = isAll ? String(claim.horizon.position) : last.position;
    const position = outcome === 'delivered' ? end : claim.position;
    const collecting = isAll ? COLLECTING_SECONDS : 0;
    const pause = outcome === 'delivered' ? collecting : pauseAfter(receiver.failures + 1, retryAfterSeconds);
    const missedBefore = hasMissed(claim, receiver) ? first.createdAt : null;
    await this.receivers.record(LOG_STREAM, claim, outcome === 'gone' ? 'gone' : null, async () => {
      if (!(await this.cursors.move(claim, position, pause))) return false;
      await this.streams.noteAttempt(claim.id, attempt, missedBefore);
      return true;
    });
    return true;
  }

  /** Sends one line that says that it is a test; the stream itself is not affected. @throws as `ReceiversService.test` */
  test(principal: OrgPrincipal, id: string): Promise<Attempt> {
    return this.receivers.test(LOG_STREAM, principal, id, (stream) => {
      const entry = toOcsf(testEntry(principal, id, new Date(stream.now * 1000)));
      const line = { message: 'This is a test of the log stream.', ...entry };
      return this.sending.run(stream, [JSON.stringify(line)], null);
    });
  }

  /** The first of the entries that fit, and at least one. Null if no entry is left. */
  private async readBatch(
    { includeNames }: SendingLogStream,
    { orgId, position, horizon }: LogClaim,
  ): Promise<Batch | null> {
    const range = { from: BigInt(position) + 1n, through: horizon.position, limit: MOST_LINES };
    const entries = await this.events.listEntries(orgId, range);
    const names = includeNames ? await this.names.findIn(orgId, entries) : undefined;
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

/** Retention has removed entries that follow the cursor. */
const hasMissed = ({ position }: LogClaim, { removed }: SendingLogStream): boolean =>
  BigInt(removed ?? 0) > BigInt(position);

/** What the receiver asks for comes first. */
const pauseAfter = (failures: number, retryAfterSeconds: number | null): number =>
  retryAfterSeconds === null
    ? Math.min(FIRST_PAUSE_SECONDS * 2 ** (failures - 1), LONGEST_PAUSE_SECONDS)
    : Math.max(retryAfterSeconds, FIRST_PAUSE_SECONDS);

/** In no log. */
const testEntry = ({ orgId, userId }: OrgPrincipal, streamId: string, createdAt: Date): AuditEntry => ({
  id: newId(),
  position: '0',
  createdAt,
  orgId,
  workspaceId: null,
  operation: 'test_log_stream',
  succeeded: true,
  userId,
  credentialKind: null,
  credentialId: null,
  resourceIds: [streamId],
  requestMethod: null,
  requestPath: null,
  clientHost: null,
  clientPort: null,
  forwardedFor: null,
  responseStatus: null,
  details: { event: 'test' },
});
