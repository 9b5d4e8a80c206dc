/**
 * `npm run bench`, or `npm run bench -- batch scim` for some parts; `npm run bench -- peers` for those of
 * docs/performance.md. A missed target is printed; the exit code is not 0 only if a part fails with an error.
 */
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { RUN_SECONDS, RUNS } from './alternating-runs.ts';
import { applications } from './applications.ts';
import { batch } from './batch.ts';
import { growth } from './growth/growth.ts';
import { type BenchContext, withInstallations } from './installations.ts';
import { list } from './list.ts';
import { logins } from './logins/logins.ts';
import { memory } from './peers/memory.ts';
import { provisioning } from './peers/provisioning.ts';
import { info, members, organization, workspaces } from './peers/reads.ts';
import { invitations } from './peers/writes.ts';
import { type Finding, table } from './report.ts';
import { scim } from './scim.ts';
import { webhooks } from './webhooks/webhooks.ts';

type Part = (context: BenchContext) => Promise<Finding[]>;

/** Beside the floor and Better Auth: the table of docs/performance.md. */
const PEERS: Record<string, Part> = {
  organization,
  workspaces,
  info,
  members,
  invitations,
  batch,
  provisioning,
  memory,
};
const PARTS: Record<string, Part> = { ...PEERS, applications, list, scim, logins, growth, webhooks };
/** Take three, ten and five minutes more. */
const ONLY_BY_NAME = ['memory', 'growth', 'webhooks'];

/** Adds to `findings`, so that those before an error are printed. */
const measure = (names: readonly string[], findings: Finding[]): Promise<void> =>
  withInstallations(async (context) => {
    for (const name of names) {
      print(`measuring: ${name} ...`);
      findings.push(...(await PARTS[name]!(context)));
    }
  });

const print = (text: string) => process.stdout.write(`${text}\n`);

const wanted = process.argv.slice(2).flatMap((name) => (name === 'peers' ? Object.keys(PEERS) : [name]));
const unknown = wanted.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) {
  process.stderr.write(`unknown: ${unknown.join(', ')}; there are peers, ${Object.keys(PARTS).join(', ')}\n`);
  process.exit(2);
}
execFileSync(process.execPath, [fileURLToPath(new URL('../scripts/build.mjs', import.meta.url))], {
  stdio: 'inherit',
});
const names = wanted.length > 0 ? wanted : Object.keys(PARTS).filter((name) => !ONLY_BY_NAME.includes(name));
const findings: Finding[] = [];
await measure(names, findings).finally(() =>
  print(`
Node ${process.versions.node}; server, database and load generator share ${availableParallelism()} processors, over
loopback: only the ratios are meaningful. Medians of ${RUNS} alternating runs of ${RUN_SECONDS} s after a warm-up.

${table(findings)}`),
);
