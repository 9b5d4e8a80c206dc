/**
 * Breaks the code on purpose, to see that a test notices; `docs/testing-mutations.md` says when and how.
 *   npm run mutate -- access [ID ...] [--list]                      our list of breaks that no mutator makes
 *   npm run mutate -- generic PATH ... [--sample N] [--seed S] [--list]   every change of the mutators there
 *   npm run mutate -- sample N [--seed S]                           some of those in all of src
 * Exits 0 if the tests notice enough, 1 if not, 2 when the arguments make no sense.
 */
import { parseArgs } from 'node:util';
import { mutateGeneric } from './generic/generic.ts';
import { Unusable } from './outcome.ts';
import { mutateSpecials } from './specials/specials.ts';

const USAGE =
  'usage: npm run mutate -- access [ID ...] | generic PATH ... | sample N [--list] [--sample N] [--seed S]';
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean', default: false },
    sample: { type: 'string' },
    seed: { type: 'string' },
  },
});
const [what, ...targets] = positionals;

const ended = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => ended.abort(new Error(`ended by ${signal}`)));

async function run(): Promise<boolean | null> {
  const { list: listOnly, sample, seed = null } = values;
  const { signal } = ended;
  if (what === 'access') return mutateSpecials({ ids: targets, listOnly, signal });
  const count = what === 'sample' ? targets[0] : sample;
  const paths = what === 'sample' ? ['src'] : targets;
  const isUsable = (what === 'generic' || what === 'sample') && paths.length > 0 && Number(count ?? 1) >= 1;
  return isUsable
    ? mutateGeneric({ paths, sample: count ? Number(count) : null, seed, listOnly, signal })
    : null;
}

const isEnough = await run().catch((error: unknown) => {
  if (!ended.signal.aborted && !(error instanceof Unusable)) throw error;
  console.error((error as Error).message);
  return false;
});
if (isEnough === null) console.error(USAGE);
process.exitCode = isEnough === null ? 2 : isEnough ? 0 : 1;
