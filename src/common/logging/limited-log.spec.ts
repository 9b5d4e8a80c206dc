import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { LimitedLog } from './limited-log.js';

let lines: string[];
let log: LimitedLog;
beforeEach(() => {
  jest.useFakeTimers();
  lines = [];
  const logger = new Logger('Test');
  logger.warn = (message: string) => void lines.push(message);
  log = new LimitedLog(logger);
});
afterEach(() => {
  jest.useRealTimers();
});

const warn = (message: string, times: number) => {
  for (let n = 0; n < times; n++) log.warn(message);
};

it('writes the first of many equal messages at once and the number of repetitions a second later', () => {
  warn('refused', 1000);
  expect(lines).toEqual(['refused']);

  jest.advanceTimersByTime(1000);
  expect(lines).toEqual(['refused', 'refused (999 more)']);
});

it('writes a message at most once a second while it goes on', () => {
  for (let second = 0; second < 5; second++) {
    warn('refused', 10);
    jest.advanceTimersByTime(1000);
  }

  expect(lines).toEqual(['refused', 'refused (9 more)', ...Array(4).fill('refused (10 more)')]);
});

it('writes a message at once again after a second without it', () => {
  warn('refused', 1);
  jest.advanceTimersByTime(1000);
  warn('refused', 1);

  expect(lines).toEqual(['refused', 'refused']);
});

it('counts the repetitions of each message separately', () => {
  warn('signature', 2);
  warn('audience', 1);
  jest.advanceTimersByTime(1000);

  expect(lines).toEqual(['signature', 'audience', 'signature (1 more)']);
});
