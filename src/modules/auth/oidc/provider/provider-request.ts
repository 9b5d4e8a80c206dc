import { ProviderUnavailable } from './provider.errors.js';

const MAX_RESPONSE_BYTES = 524_288; // key sets and discovery documents have a few thousand bytes
const REQUEST_TIMEOUT_MS = 8_000; // leaves time to answer our own request within ten seconds

/** The time limit for all provider requests of one request of ours. */
export const requestTimeout = (): AbortSignal => AbortSignal.timeout(REQUEST_TIMEOUT_MS);

/**
 * Sends a request to the provider. Redirects are not followed, because they could lead to an internal address; the size
 * of the response is limited. `purpose` names the request in the log.
 *
 * @throws ProviderUnavailable
 */
export async function requestProvider(
  purpose: string,
  url: string,
  init: RequestInit & { signal: AbortSignal },
): Promise<Response> {
  try {
    const response = await fetch(url, { ...init, redirect: 'manual' });
    if (response.status >= 300 && response.status < 400)
      throw new ProviderUnavailable(`${purpose}: a redirect`);
    const { status, headers } = response;
    return new Response(await readBody(purpose, response), { status, headers });
  } catch (error) {
    if (error instanceof ProviderUnavailable) throw error;
    if (init.signal.aborted) throw new ProviderUnavailable(`${purpose}: no answer`, { timedOut: true });
    throw new ProviderUnavailable(`${purpose}: ${networkReason(error)}`, { cause: error });
  }
}

/**
 * Parses a response as a JSON object.
 *
 * @throws ProviderUnavailable
 */
export async function readJsonObject(purpose: string, response: Response): Promise<Record<string, unknown>> {
  const text = await response.text();
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
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

async function readBody(purpose: string, response: Response): Promise<Blob | null> {
  if (!response.body || response.status === 204 || response.status === 205) return null;
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > MAX_RESPONSE_BYTES) throw new ProviderUnavailable(`${purpose}: response too large`);
    chunks.push(chunk);
  }
  return new Blob(chunks);
}

/** `fetch` puts the reason into its cause: ECONNREFUSED, ENOTFOUND, CERT_HAS_EXPIRED. */
function networkReason(error: unknown): string {
  const { cause } = error as { cause?: { code?: unknown } };
  return typeof cause?.code === 'string' ? cause.code : 'the connection failed';
}
