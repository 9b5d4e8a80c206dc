import { expect, it } from '@jest/globals';
import { ApiError } from '@tenantry/client';
import { runEach } from './run-each';

const later = () => new Promise((resolve) => setTimeout(resolve, 1));
const refusal = new ApiError({ status: 409, code: 'last_admin_required', message: 'No.' });
const rows = Array.from({ length: 20 }, (_, index) => index);

it('runs every row once, at most four at a time', async () => {
  const seen: number[] = [];
  let running = 0;
  let most = 0;
  const outcome = await runEach(rows, async (row) => {
    most = Math.max(most, ++running);
    await later();
    running--;
    seen.push(row);
  });

  expect(seen.toSorted((a, b) => a - b)).toEqual(rows);
  expect(most).toBe(4);
  expect(outcome).toMatchObject({ refused: [], left: [] });
  expect(outcome.done).toHaveLength(20);
});

it('goes on after a refusal, and names it', async () => {
  const outcome = await runEach(rows, async (row) => {
    await later();
    if (row === 3) throw refusal;
  });

  expect(outcome.refused).toEqual([{ row: 3, error: refusal }]);
  expect(outcome.done).toHaveLength(19);
});

it('sends nothing more after it was cancelled, and says what is left', async () => {
  const cancel = new AbortController();
  const outcome = await runEach(
    rows,
    async (row) => {
      await later();
      if (row === 5) cancel.abort();
    },
    { signal: cancel.signal },
  );

  expect(outcome.left.length).toBeGreaterThan(10);
  expect(outcome.done.length + outcome.left.length).toBe(20);
});

it.each([new TypeError('Failed to fetch'), new ApiError({ status: 401, code: 'invalid_credential' })])(
  'stops when the server does not answer or the session has ended: %s',
  async (error) => {
    const outcome = await runEach(rows, async () => {
      await later();
      throw error;
    });

    expect(outcome.refused).toHaveLength(4);
    expect(outcome.left).toHaveLength(16);
  },
);

it('waits as long as the server asks when there were too many requests', async () => {
  let calls = 0;
  const outcome = await runEach([1], async () => {
    await later();
    if (++calls === 1) throw new ApiError({ status: 429, code: 'too_many_requests', retryAfterSeconds: 1 });
  });

  expect([calls, outcome.done]).toEqual([2, [1]]);
});
