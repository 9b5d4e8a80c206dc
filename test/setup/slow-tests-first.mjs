import { readFileSync } from 'node:fs';
import Sequencer from '@jest/test-sequencer';

/**
 * Jest starts the largest files first where it has not seen them run, as on a fresh clone. A small file whose test takes
 * long says `@takes-long`, so that nobody waits for it in the end; one that mostly waits meanwhile says so too, and is
 * put next to one that works, so that two workers do not wait at once.
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
