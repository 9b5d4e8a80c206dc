/**
 * Breaks rules on purpose, to see that a test notices; `docs/testing-mutations.md` says when and how.
 *   npm run mutate -- access [ID ...] [--list]   our own list of breaks of authorization rules
 *   npm run mutate -- pure [FILE ...]            Stryker, on rules that are functions without input or output
 * Exits 0 if every break was noticed, 1 if not, 2 when the arguments make no sense.
 */
import { parseArgs } from 'node:util';
import { mutateAccess } from './access/access.ts';
import { UnusableBreak } from './access/break.ts';
import { mutatePure } from './pure.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { list: { type: 'boolean', default: false } },
});
const [what, ...targets] = positionals;

const ended = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => ended.abort(new Error(`ended by ${signal}`)));

async function run(): Promise<number> {
  if (what === 'access')
    return (await mutateAccess({ ids: targets, listOnly: values.list, signal: ended.signal })) ? 0 : 1;
  if (what === 'pure') return (await mutatePure(targets, ended.signal)) ? 0 : 1;
  console.error('usage: npm run mutate -- access [ID ...] [--list] | pure [FILE ...]');
  return 2;
}

process.exitCode = await run().catch((error: unknown) => {
  if (!ended.signal.aborted && !(error instanceof UnusableBreak)) throw error;
  console.error((error as Error).message);
  return 1;
});
