/** As generated LangSmith SDKs do, but never after 409: the server says with `x-should-retry` that it would not help. */
const TEMPORARY = new Set([408, 429, 500, 502, 503, 504]);
const REPEATABLE = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;
/** A server that asks for a longer pause gets none of ours: the caller learns it from the error. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/** `signal` is that of the request: Node forgets it for a clone, once memory is collected. */
export type Fetch = (request: Request, init?: { signal: AbortSignal }) => Promise<Response>;

/**
 * Repeats GET, HEAD, PUT, DELETE and requests with an `Idempotency-Key` where the operation takes one, when the server cannot be
 * reached or says that it cannot answer at the moment.
 */
export function withRetries(fetch: Fetch, retries: number, takesKey: (request: Request) => boolean): Fetch {
  return async (request) => {
    const { signal } = request;
    const isKeyed = request.headers.has('idempotency-key') && takesKey(request);
    const attempts = isKeyed || REPEATABLE.has(request.method) ? retries + 1 : 1;
    for (let attempt = 1; attempt < attempts; attempt++) {
      const response = await fetch(request.clone(), { signal }).catch(unlessAborted(signal));
      const wait = response === null ? backOff(attempt) : waitAfter(response, attempt);
      if (response !== null && wait === null) return response;
      await response?.body?.cancel();
      await pause(wait ?? 0, signal);
    }
    return fetch(request, { signal });
  };
}

/** In milliseconds; null if the response is final. */
function waitAfter({ status, headers }: Response, attempt: number): number | null {
  if (!TEMPORARY.has(status) || headers.get('x-should-retry') === 'false') return null;
  const asked = retryAfterMs(headers);
  if (asked === null) return backOff(attempt);
  return asked <= LONGEST_RETRY_AFTER_MS ? asked : null;
}

const DATE = /^[A-Z][a-z]{2}, .* GMT$/;

/** Seconds, or a date that is to come (RFC 9110, 10.2.3); null for anything else, of which `Date.parse` accepts much. */
export function retryAfterMs(headers: Headers): number | null {
  const value = headers.get('retry-after') ?? '';
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const ms = DATE.test(value) ? Date.parse(value) - Date.now() : 0;
  return ms > 0 ? ms : null;
}

/** Random between the half and all of it, so that clients that failed together do not return together. */
const backOff = (attempt: number): number =>
  Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS) * (0.5 + Math.random() / 2);

/** Null for a failed connection; an abort by the caller is theirs to see. */
const unlessAborted =
  (signal: AbortSignal) =>
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
