import { Injectable } from '@nestjs/common';
import { whileRenewing } from '../../common/background/lease.js';
import type { Attempt } from '../../common/outbound/attempt.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { type AuditEntry, AuditTrail, operatorIn } from '../audit/index.js';
import { type LogClaim, LogCursorsRepository } from '../events/index.js';
import { LoadBatch } from './load-batch.js';
import { type ClaimedReceiver, LogStreamsRepository } from './log-streams.repository.js';
import { SendLines } from './send-lines.js';

/** At the end of the log: what is written meanwhile is sent together, which costs the database less. */
const COLLECTING_SECONDS = 0.4;
/** When no connection was free. */
const BUSY_SECONDS = 2;
const FIRST_PAUSE_SECONDS = 5;
const LONGEST_PAUSE_SECONDS = 300;

/** Sends the next batch of a log stream (docs/decisions/0106). No connection to the database is held meanwhile. */
@Injectable()
export class SendBatch {
  constructor(
    private readonly streams: LogStreamsRepository,
    private readonly cursors: LogCursorsRepository,
    private readonly batches: LoadBatch,
    private readonly sending: SendLines,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  async run(claim: LogClaim): Promise<void> {
    const receiver = await this.streams.findReceiver(claim.id);
    if (!receiver) return; // its cursor was placed or deleted as well
    const batch = await this.batches.run(claim, receiver);
    if (!batch) {
      await this.cursors.move(claim, claim.position); // retention was faster: the next entry says so
      return;
    }
    const { lines, first, last, isAll } = batch;
    const send = () => this.sending.send(receiver, lines, `${first.position}-${last.position}`);
    const attempt = await whileRenewing(() => this.cursors.renew(claim), send);
    if (!attempt) {
      await this.cursors.move(claim, claim.position, BUSY_SECONDS);
      return;
    }
    const end = isAll ? String(claim.horizon.position) : last.position;
    const missedBefore = missed(claim, receiver, first);
    await this.finish(claim, receiver, attempt, { end, isAll, missedBefore });
  }

  /** Nothing, if the stream was changed meanwhile, or another process has claimed it: the batch is sent again. */
  private async finish(
    claim: LogClaim,
    { failures }: ClaimedReceiver,
    attempt: Attempt,
    { end, isAll, missedBefore }: { end: string; isAll: boolean; missedBefore: Date | null },
  ): Promise<void> {
    const isDelivered = attempt.outcome === 'delivered';
    const collecting = isAll ? COLLECTING_SECONDS : 0;
    const pause = isDelivered ? collecting : pauseAfter(failures + 1, attempt.retryAfterSeconds);
    await this.transaction.run(async () => {
      if (!(await this.cursors.move(claim, isDelivered ? end : claim.position, pause))) return;
      await this.streams.noteAttempt(claim.id, attempt, missedBefore);
      if (attempt.outcome === 'gone') await this.disable(claim);
    });
  }

  private async disable({ id, orgId }: LogClaim): Promise<void> {
    await this.streams.disable(id);
    const details = { is_enabled: false, reason: 'gone' };
    await this.audit.record(operatorIn(orgId), 'update_log_stream', [id], { details });
  }
}

/** The time of the first entry that is left, if retention has removed others that follow the cursor. */
const missed = (
  { position }: LogClaim,
  { removed }: ClaimedReceiver,
  { createdAt }: AuditEntry,
): Date | null => (BigInt(removed ?? 0) > BigInt(position) ? createdAt : null);

/** What the receiver asks for comes first. */
const pauseAfter = (failures: number, retryAfterSeconds: number | null): number =>
  retryAfterSeconds === null
    ? Math.min(FIRST_PAUSE_SECONDS * 2 ** (failures - 1), LONGEST_PAUSE_SECONDS)
    : Math.max(retryAfterSeconds, FIRST_PAUSE_SECONDS);
