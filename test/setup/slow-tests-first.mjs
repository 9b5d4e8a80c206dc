import { readFileSync } from 'node:fs';
import Sequencer from '@jest/test-sequencer';

/**
 * Jest starts the largest files first if it has no timings, as on a fresh clone. A small file with a slow test is
 * marked `@takes-long` so that it starts early.
 */
export default class SlowTestsFirst extends Sequencer {
  sort(tests) {
    const { true: slow = [], false: others = [] } = Object.groupBy(super.sort(tests), takesLong);
    return [...slow, ...others];
  }
}

const takesLong = ({ path }) => readFileSync(path, 'utf8').startsWith('/** @takes-long */');
