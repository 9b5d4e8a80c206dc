import { readFileSync } from 'node:fs';
import Sequencer from '@jest/test-sequencer';

/**
 * Jest starts the largest files first where it has not seen them run, as on a fresh clone. A small file whose test takes
 * long says `@takes-long`, so that nobody waits for it in the end.
 */
export default class LongOnesFirst extends Sequencer {
  sort(tests) {
    const takesLong = new Set(tests.filter(({ path }) => readFileSync(path, 'utf8').startsWith(MARK)));
    const order = super.sort(tests);
    return [...order.filter((test) => takesLong.has(test)), ...order.filter((test) => !takesLong.has(test))];
  }
}

const MARK = '/** @takes-long';
