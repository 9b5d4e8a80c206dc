import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Metrics } from '../../../common/metrics/metrics.js';
import { type Attempt, attempt, failedAttempt } from '../../../common/outbound/attempt.js';
import { Outbound } from '../../../common/outbound/outbound.js';
import { type AuditEvent, ONLY_BY_NAME, type toEvent } from '../../events/index.js';
import type { SendingWebhook } from './webhook-kind.js';
import { type Signer, WebhookSecrets } from './webhook-secrets.js';

/** What is sent. `type` is not one of events in a test. */
export type SentEvent = Omit<ReturnType<typeof toEvent>, 'type'> & { readonly type: string };
export type Sent = { readonly event: SentEvent; readonly attempt: Attempt; readonly attemptedAt: Date };

/** In a row, before anything arrives: the receiver is down, and the rest would fail as well. */
const MOST_FAILURES = 8;
/** What is sent for longer is recorded in between: after the end of a process it is sent again. */
const START_WITHIN_MS = 20_000;
/** The part of this time in which the event loop is not idle, above which the next event waits. */
const OBSERVE_MS = 2;
const BUSY = 0.4;
const WAIT_MS = 60;

export const wantedBy =
  ({ types }: Pick<SendingWebhook, 'types'>) =>
  ({ type }: AuditEvent): boolean =>
    types?.includes(type) ?? !ONLY_BY_NAME.has(type);

/** Sends events to a receiver, without a connection to the database. */
@Injectable()
export class SendEvents implements BeforeApplicationShutdown {
  private isStopping = false;

  constructor(
    private readonly outbound: Outbound,
    private readonly secrets: WebhookSecrets,
    private readonly metrics: Metrics,
  ) {}

  /** Only requests that have begun are completed. */
  beforeApplicationShutdown(): void {
    this.isStopping = true;
  }

  /**
   * In this order, as many at a time as its host may have. Those that are missing in the result were not attempted: the
   * receiver throttles, is gone or down, no connection was free, or it took too long.
   */
  async send(receiver: SendingWebhook, events: readonly SentEvent[]): Promise<Sent[]> {
    const signer = this.secrets.signerOf(receiver.secret, receiver.overlapSecret);
    const begunAt = performance.now();
    const sent: Sent[] = [];
    const waiting = [...events];
    let isBusy = false;
    const mayHave = () => this.outbound.connectionsTo(receiver.url, receiver.orgId);
    let lanes = mayHave();
    const isOver = () =>
      this.isStopping ||
      isBusy ||
      performance.now() - begunAt > START_WITHIN_MS ||
      sent.some(({ attempt: { outcome } }) => outcome === 'throttled' || outcome === 'gone') ||
      (sent.length >= MOST_FAILURES && !sent.some(hasArrived));
    const sendNext = async (): Promise<unknown> => {
      const event = isOver() ? undefined : waiting.shift();
      if (!event) return;
      const attemptedAt = new Date(receiver.now * 1000 + performance.now() - begunAt);
      const made = await this.attempt(receiver, signer, event, attemptedAt);
      this.metrics.countAttempt('webhookAttempts', made?.outcome ?? 'busy');
      if (made) sent.push({ event, attempt: made, attemptedAt });
      else isBusy = true;
      if (waiting.length > 0) await letRequestsGoFirst();
      if (lanes >= mayHave()) return sendNext();
      lanes += 1;
      return Promise.all([sendNext(), sendNext()]);
    };
    await Promise.all(Array.from({ length: lanes }, sendNext));
    return sent;
  }

  private attempt(
    { url, orgId }: SendingWebhook,
    signer: Signer | null,
    event: SentEvent,
    at: Date,
  ): Promise<Attempt | null> {
    if (!signer) return Promise.resolve(failedAttempt('secrets_unreadable'));
    const timestamp = Math.floor(at.getTime() / 1000);
    const body = JSON.stringify({ ...event, organization_id: orgId });
    const headers = {
      'content-type': 'application/json',
      'webhook-id': event.id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signer(event.id, timestamp, body),
    };
    return attempt(this.outbound, url, { headers, body, orgId });
  }
}

/** While requests to this server occupy the process, events wait. */
async function letRequestsGoFirst(): Promise<void> {
  const before = performance.eventLoopUtilization();
  await pause(OBSERVE_MS);
  const { utilization } = performance.eventLoopUtilization(before);
  if (utilization > BUSY) await pause(WAIT_MS);
}

export const hasArrived = ({ attempt: { outcome } }: Sent): boolean => outcome === 'delivered';
