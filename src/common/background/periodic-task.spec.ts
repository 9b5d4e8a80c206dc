import { Logger } from '@nestjs/common';
import { expect, it } from '@jest/globals';
import { PeriodicTask } from './periodic-task.js';

Logger.overrideLogger(false);

it('a stop waits for the round under way, and one more follows', async () => {
  const events: string[] = [];
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  const rounds = new PeriodicTask('count', async () => {
    events.push('begins');
    begin();
    await over;
    events.push('ends');
  });

  rounds.start(1);
  await begun;
  await new Promise((resolve) => setTimeout(resolve, 10)); // in which nine more would have begun
  const stopped = rounds.stop();
  end();
  await stopped;

  expect(events).toEqual(['begins', 'ends', 'begins', 'ends']);
});

it('one that fails does not end the others', async () => {
  const { promise: third, resolve } = Promise.withResolvers<void>();
  let count = 0;
  const rounds = new PeriodicTask('count', () => {
    if (++count === 3) resolve();
    return Promise.reject(new Error('not now'));
  });

  rounds.start(1);
  await third;

  await expect(rounds.stop()).resolves.toBeUndefined();
});
