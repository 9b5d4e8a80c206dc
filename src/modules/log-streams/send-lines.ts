import { Injectable } from '@nestjs/common';
import { type Attempt, attempt, failedAttempt } from '../../common/outbound/attempt.js';
import { Metrics } from '../../common/metrics/metrics.js';
import { Outbound } from '../../common/outbound/outbound.js';
import { version } from '../../common/version.js';
import type { LogStream } from './log-stream.entity.js';
import { StoredHeaders } from './stored-headers.js';

export type Receiver = Pick<LogStream, 'orgId' | 'url' | 'headerNames' | 'headerValues'>;

/** Sends lines of the audit log to a receiver (docs/contract/log-streams.md#requests-of-log-streams). */
@Injectable()
export class SendLines {
  constructor(
    private readonly outbound: Outbound,
    private readonly headers: StoredHeaders,
    private readonly metrics: Metrics,
  ) {}

  /** Null: nothing was sent, since no connection was free. @param batch of these lines, unless they are a test */
  async send(receiver: Receiver, lines: readonly string[], batch: string | null): Promise<Attempt | null> {
    const made = await this.attempt(receiver, lines, batch);
    if (batch !== null) this.metrics.countLogStreamBatch(made?.outcome ?? 'busy');
    return made;
  }

  private async attempt(
    receiver: Receiver,
    lines: readonly string[],
    batch: string | null,
  ): Promise<Attempt | null> {
    const chosen = this.headers.decrypt(receiver);
    if (chosen === null) return failedAttempt('secrets_unreadable');
    const headers = {
      'user-agent': `Tenantry/${version}`,
      ...chosen,
      'content-type': 'application/x-ndjson',
      ...(batch !== null && { 'tenantry-batch': batch }),
    };
    const body = lines.map((line) => `${line}\n`).join('');
    return attempt(this.outbound, receiver.url, { method: 'POST', headers, body, orgId: receiver.orgId });
  }
}
