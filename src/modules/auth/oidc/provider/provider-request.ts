import { isJsonObject } from '../../../../common/json-object.js';
import { ProviderUnavailable } from './provider.errors.js';

const REQUEST_TIMEOUT_MS = 8_000; // leaves time to answer our own request within ten seconds

/** The time limit for all provider requests of one request of ours. */
export const requestTimeout = (): AbortSignal => AbortSignal.timeout(REQUEST_TIMEOUT_MS);

/**
 * Parses a response as a JSON object.
 *
 * @throws ProviderUnavailable
 */
export async function readJsonObject(
  purpose: string,
  response: Response,
): Promise<Readonly<Record<string, unknown>>> {
  const text = await response.text();
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch {
    // reported below; the parser's message would quote the response
  }
  throw new ProviderUnavailable(`${purpose}: status ${response.status}, no JSON object`);
}

/** Stops waiting when the signal aborts, without aborting the work, which other requests may wait for. */
export function withAbort<T>(signal: AbortSignal, purpose: string, work: Promise<T>): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    const giveUp = () => reject(new ProviderUnavailable(`${purpose}: no answer`, { timedOut: true }));
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
  return Promise.race([work, aborted]);
}
