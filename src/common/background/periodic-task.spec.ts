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
  let count = 0;
  const countRuns = async (runMs: number) => {
    count = 0;
    const task = new PeriodicTask(
      'count',
      async () => {
        count++;
        await new Promise((resolve) => setTimeout(resolve, runMs));
      },
      { mostShare: 0.1 },
    );
    task.start(5);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await task.stop();
    return count;
  };

  expect(await countRuns(60)).toBe(2); // it rests 540 ms, and stopping runs it once more
  expect(await countRuns(1)).toBeGreaterThan(10);
});
