import { readFileSync } from 'node:fs';
import Sequencer from '@jest/test-sequencer';

/**
 * Jest starts the largest files first if it has no timings, as on a fresh clone. A small file with a slow test is
 * marked `@takes-long` so that it starts early. One that mostly waits is marked `waiting` too and alternates with a
 * working one, so that two workers do not wait at once.
 */
export default class SlowTestsFirst extends Sequencer {
  sort(tests) {
    const order = super.sort(tests).map((test) => ({ test, mark: markOf(test) }));
    const marked = (wanted) => order.filter(({ mark }) => mark === wanted).map(({ test }) => test);
    return [...alternating(marked('working'), marked('waiting')), ...marked(undefined)];
  }
}

const MARK = /^\/\*\* @takes-long(?<waiting>, waiting)? \*\//;

function markOf({ path }) {
  const found = MARK.exec(readFileSync(path, 'utf8'));
  return found ? (found.groups.waiting ? 'waiting' : 'working') : undefined;
}

const alternating = (some, others) =>
  Array.from({ length: Math.max(some.length, others.length) }, (_, index) => [some[index], others[index]])
    .flat()
    .filter((test) => test !== undefined);
