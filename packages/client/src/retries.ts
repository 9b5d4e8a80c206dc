/** As generated LangSmith SDKs do, but never after 409: the server says with `x-should-retry` that it would not help. */
const TEMPORARY = new Set([408, 429, 500, 502, 503, 504]);
const REPEATABLE = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;
/** A server that asks for a longer pause gets none of ours: the caller learns it from the error. */
const LONGEST_RETRY_AFTER_MS = 60_000;

type Fetch = (request: Request) => Promise<Response>;

/**
 * Repeats GET, HEAD, PUT, DELETE and requests with an `Idempotency-Key` when the server cannot be reached or says that it
 * cannot answer at the moment.
 */
export function withRetries(fetch: Fetch, retries: number): Fetch {
  return async (request) => {
    const attempts = isRepeatable(request) ? retries + 1 : 1;
    for (let attempt = 1; attempt < attempts; attempt++) {
      const response = await fetch(request.clone()).catch(unlessAborted(request));
      const wait = response === null ? backOff(attempt) : waitAfter(response, attempt);
      if (response !== null && wait === null) return response;
      await response?.body?.cancel();
      await pause(wait ?? 0, request.signal);
    }
    return fetch(request);
  };
}

const isRepeatable = ({ method, headers }: Request): boolean =>
  REPEATABLE.has(method) || headers.has('idempotency-key');

/** In milliseconds; null if the response is final. */
function waitAfter({ status, headers }: Response, attempt: number): number | null {
  if (!TEMPORARY.has(status) || headers.get('x-should-retry') === 'false') return null;
  const asked = retryAfterMs(headers.get('retry-after'));
  if (asked === null) return backOff(attempt);
  return asked <= LONGEST_RETRY_AFTER_MS ? asked : null;
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function retryAfterMs(value: string | null): number | null {
  if (value === null) return null;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

/** Random between the half and all of it, so that clients that failed together do not return together. */
const backOff = (attempt: number): number =>
  Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS) * (0.5 + Math.random() / 2);

/** Null for a failed connection; an abort by the caller is theirs to see. */
const unlessAborted =
  ({ signal }: Request) =>
  (error: unknown): null => {
    if (signal.aborted) throw error;
    return null;
  };

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
