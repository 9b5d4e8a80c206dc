/** A thread of `examineExpressions`. */
import { parentPort } from 'node:worker_threads';
import { checkSync, type Parameters } from 'recheck';

/** Its steps are counted, not its time, so that a busy machine changes no verdict; one that takes a minute is undecided. */
const PARAMETERS: Parameters = {
  timeout: 60_000,
  attackTimeout: null,
  incubationTimeout: null,
  seedingTimeout: null,
};

parentPort!.on('message', ({ source, flags }: { source: string; flags: string }) => {
  parentPort!.postMessage(checkSync(source, flags, PARAMETERS));
});
