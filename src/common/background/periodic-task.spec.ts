import { Logger } from '@nestjs/common';
import { expect, it } from '@jest/globals';
import { PeriodicTask } from './periodic-task.js';

Logger.overrideLogger(false);

it('stopping a task waits for the run in progress and runs it once more', async () => {
  const events: string[] = [];
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  const task = new PeriodicTask('count', async () => {
    events.push('begins');
    begin();
    await over;
    events.push('ends');
  });

  task.start(1);
  await begun;
  await new Promise((resolve) => setTimeout(resolve, 10)); // in which nine more runs would have begun
  const stopped = task.stop();
  end();
  await stopped;

  expect(events).toEqual(['begins', 'ends', 'begins', 'ends']);
});

it('a failing run does not stop the task', async () => {
  const { promise: third, resolve } = Promise.withResolvers<void>();
  let count = 0;
  const task = new PeriodicTask('count', () => {
    if (++count === 3) resolve();
    return Promise.reject(new Error('not now'));
  });

  task.start(1);
  await third;

  await expect(task.stop()).resolves.toBeUndefined();
});

it('a task with a share of the time rests after long runs, and does not after short ones', async () => {
  const countRuns = async (runMs: number, isOver: (runs: number, ms: number) => boolean) => {
    let count = 0;
    const begun = performance.now();
    const task = new PeriodicTask(
      'count',
      async () => {
        count++;
        await new Promise((resolve) => setTimeout(resolve, runMs));
      },
      { mostShare: 0.1 },
    );
    task.start(5);
    while (!isOver(count, performance.now() - begun)) await new Promise((resolve) => setTimeout(resolve, 20));
    await task.stop();
    return count;
  };

  expect(await countRuns(60, (_, ms) => ms > 450)).toBe(2); // it rests 540 ms, and stopping runs it once more
  // With such rests there would be 9 in 5 s; on a busy machine, the runs take longer, too.
  expect(await countRuns(1, (runs, ms) => runs > 10 || ms > 5_000)).toBeGreaterThan(10);
});
