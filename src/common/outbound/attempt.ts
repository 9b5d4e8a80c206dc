import type { IncomingHttpHeaders } from 'node:http';
import type { Outbound, OutboundRequest, OutboundResponse } from './outbound.js';
import { OutboundFailed, type OutboundFailure } from './outbound.errors.js';
import { version } from '../version.js';

/** A request to a receiver of an organization, as its admins may see it. */
export type Attempt = {
  readonly durationMs: number;
  /** Three digits, or the class (`5xx`) if the address is private. Null: no response. */
  readonly status: string | null;
  /** Why there is no response. */
  readonly code: OutboundFailure | 'secrets_unreadable' | null;
  /** The beginning of a text, from a public address. */
  readonly response: string | null;
  readonly outcome: 'delivered' | 'gone' | 'throttled' | 'failed';
  /** Until the receiver wants the next request, at most a day. */
  readonly retryAfterSeconds: number | null;
};

const THROTTLED: readonly number[] = [429, 502, 503, 504];
export const LONGEST_PAUSE_SECONDS = 86_400;
const SHOWN_BYTES = 1024;
const TEXT = /^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml)\b)/i;
const NOT_SHOWN = /[^\P{C}\n\t]/gu;

/** Null: no connection was free, so that nothing was sent. Every other failure is an attempt. */
export async function attempt(
  outbound: Outbound,
  url: string,
  { headers, ...request }: OutboundRequest,
): Promise<Attempt | null> {
  const begunAt = performance.now();
  const durationMs = () => Math.round(performance.now() - begunAt);
  try {
    const named = { 'user-agent': `Tenantry/${version}`, ...headers };
    const response = await outbound.send(url, { ...request, headers: named });
    return { durationMs: durationMs(), ...toAttempt(response) };
  } catch (error) {
    if (!(error instanceof OutboundFailed)) throw error;
    if (error.code === 'busy') return null;
    return failedAttempt(shownCode(error), durationMs());
  }
}

/** Without a response. `secrets_unreadable`: what has to be sent was encrypted with another secret of the installation. */
export const failedAttempt = (code: NonNullable<Attempt['code']>, durationMs = 0): Attempt => ({
  durationMs,
  status: null,
  code,
  response: null,
  outcome: 'failed',
  retryAfterSeconds: null,
});

function toAttempt({
  status,
  headers,
  body,
  isFromPublicAddress,
}: OutboundResponse): Omit<Attempt, 'durationMs'> {
  const isText = TEXT.test(headers['content-type'] ?? '');
  return {
    status: isFromPublicAddress ? String(status) : `${Math.floor(status / 100)}xx`,
    code: null,
    response: isFromPublicAddress && isText ? beginningOf(body) : null,
    outcome: outcomeOf(status),
    retryAfterSeconds: retryAfterIn(headers),
  };
}

/** Members must not learn which names a private DNS has or which ports of a private network are open. */
function shownCode({ code, isFromPublicAddress }: OutboundFailed): OutboundFailure {
  if (code === 'name_not_resolved' || code === 'address_refused') return 'address_refused';
  return isFromPublicAddress ? code : 'connection_failed';
}

function outcomeOf(status: number): Attempt['outcome'] {
  if (status >= 200 && status < 300) return 'delivered';
  if (status === 410) return 'gone';
  return THROTTLED.includes(status) ? 'throttled' : 'failed';
}

const beginningOf = (body: Buffer): string =>
  body.subarray(0, SHOWN_BYTES).toString('utf8').replace(NOT_SHOWN, '');

/** A time is compared with the receiver's clock, and ignored if it does not send that. */
function retryAfterIn({ 'retry-after': value, date }: IncomingHttpHeaders): number | null {
  if (value === undefined) return null;
  const isNumber = /^\d{1,12}$/.test(value);
  const seconds = isNumber ? Number(value) : (Date.parse(value) - Date.parse(date ?? '')) / 1000;
  return Number.isNaN(seconds) ? null : Math.min(Math.max(0, Math.ceil(seconds)), LONGEST_PAUSE_SECONDS);
}
