import { expect, it } from '@jest/globals';
import { judgeDisk } from './machine-checks.js';

const MIB = 2 ** 20;

it.each([
  [2048 * MIB, true, null],
  [1023 * MIB, true, 'disk_low'],
  [99 * MIB, true, 'disk_full'],
  [99 * MIB, false, 'disk_low'],
  [null, true, null],
] as const)('judges %p free bytes, with an embedded database %p, as %p', (freeBytes, isEmbedded, problem) => {
  expect(judgeDisk({ freeBytes, isEmbedded }).problem).toBe(problem);
});
