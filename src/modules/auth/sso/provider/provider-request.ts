import { ProviderUnavailable } from '../provider.errors.js';

const MAX_RESPONSE_BYTES = 524_288; // bytes; key sets and discovery documents have some thousand
const REQUEST_TIMEOUT_MS = 8_000; // ms; with our own work it keeps a request below ten seconds

/** How long one request of ours may wait for the provider, all its questions together. */
export const requestTimeout = (): AbortSignal => AbortSignal.timeout(REQUEST_TIMEOUT_MS);

/**
 * One question to the provider. Redirects are not followed, since whoever answers with one could send us anywhere;
 * answers are read up to a size. `what` names the question in the log.
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

/** The JSON object of an answer. */
export async function readJsonObject(purpose: string, response: Response): Promise<Record<string, unknown>> {
  const text = await response.text();
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // said below; the parser's own message quotes the text
  }
  throw new ProviderUnavailable(`${purpose}: status ${response.status}, no JSON object`);
}

/** What comes first: the answer, or the end of our patience. For questions that several requests wait for. */
export function withAbort<T>(signal: AbortSignal, purpose: string, work: Promise<T>): Promise<T> {
  const end = new Promise<never>((_, reject) => {
    const giveUp = () => reject(new ProviderUnavailable(`${purpose}: no answer`, { timedOut: true }));
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
  return Promise.race([work, end]);
}

async function readBody(purpose: string, response: Response): Promise<Blob | null> {
  if (!response.body || response.status === 204 || response.status === 205) return null;
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > MAX_RESPONSE_BYTES) throw new ProviderUnavailable(`${purpose}: an answer beyond all measure`);
    chunks.push(chunk);
  }
  return new Blob(chunks);
}

/** `fetch` hides the reason in its cause: ECONNREFUSED, ENOTFOUND, CERT_HAS_EXPIRED. */
function networkReason(error: unknown): string {
  const { cause } = error as { cause?: { code?: unknown } };
  return typeof cause?.code === 'string' ? cause.code : 'the connection failed';
}
