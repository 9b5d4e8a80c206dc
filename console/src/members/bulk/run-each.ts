import { ApiError } from '@tenantry/client';

type Refused<Row> = { readonly row: Row; readonly error: Error };

/** `left`: not sent, because the change was cancelled, the server did not answer, or the session ended. */
export type Outcome<Row> = {
  readonly done: readonly Row[];
  readonly refused: readonly Refused<Row>[];
  readonly left: readonly Row[];
};

type Options = { readonly signal?: AbortSignal; readonly onProgress?: (count: number) => void };

const AT_ONCE = 4;

/** Sends one request for each row, a few at a time. Waits where the server asks for it. */
export async function runEach<Row>(
  rows: readonly Row[],
  run: (row: Row) => Promise<unknown>,
  { signal, onProgress }: Options = {},
): Promise<Outcome<Row>> {
  const outcome = { done: [] as Row[], refused: [] as Refused<Row>[], left: [] as Row[] };
  const stopped = new AbortController();
  const isStopped = () => stopped.signal.aborted || signal?.aborted;
  const queue = rows.values();
  const work = async () => {
    for (const row of queue) {
      const error = isStopped() ? 'left' : await attempt(() => run(row), isStopped);
      if (error === 'left') outcome.left.push(row);
      else if (error === null) outcome.done.push(row);
      else {
        outcome.refused.push({ row, error });
        if (!(error instanceof ApiError) || error.status === 401) stopped.abort();
      }
      onProgress?.(outcome.done.length + outcome.refused.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return outcome;
}

/** Null if it was done. */
async function attempt(run: () => Promise<unknown>, isStopped: () => boolean | undefined) {
  for (;;)
    try {
      await run();
      return null;
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 429)) return error as Error;
      const isLeft = await waitUnless(isStopped, error.retryAfterSeconds ?? 5);
      if (isLeft) return 'left';
    }
}

async function waitUnless(isStopped: () => boolean | undefined, seconds: number): Promise<boolean> {
  for (let second = 0; second < seconds; second++) {
    if (isStopped()) return true;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  return isStopped() ?? false;
}
