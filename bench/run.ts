/**
 * `npm run bench`, or `npm run bench -- read` for one part: how fast the server is, beside a bare `node:http` and `pg`
 * server that runs the same SQL at the same time. A missed target is printed; the exit code is not 0 only if a part
 * fails with an error.
 */
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { batch } from './batch.ts';
import { growth } from './growth/growth.ts';
import { type BenchContext, withInstallations } from './installations.ts';
import { list } from './list.ts';
import { logins } from './logins.ts';
import { read } from './read.ts';
import { type Finding, grouped, table } from './report.ts';
import { scim } from './scim.ts';
import { RUN_SECONDS, RUNS } from './alternating-runs.ts';

const PARTS: Record<string, (context: BenchContext) => Promise<Finding[]>> = {
  read,
  list,
  batch,
  scim,
  logins,
  growth,
};
/** Takes ten minutes more. */
const ONLY_BY_NAME = ['growth'];
const MEMORY_TARGET = 250e6; // bytes

async function measure(names: readonly string[]): Promise<Finding[]> {
  return withInstallations(async (context) => {
    const findings: Finding[] = [];
    for (const name of names) {
      print(`measuring: ${name} ...`);
      findings.push(...(await PARTS[name]!(context)));
    }
    return [...findings, await memory(context)];
  });
}

/** The peak memory of the server process that used most. */
async function memory({ servers }: BenchContext): Promise<Finding> {
  const peaks = await Promise.all(servers.map(({ peakMemory }) => peakMemory()));
  const most = peaks.some((peak) => peak === null) ? null : Math.max(...peaks.map(Number));
  return {
    what: 'memory of the server process (RSS), highest',
    ours: most === null ? 'unknown here' : `${grouped(most / 1e6)} MB`,
    beside: '',
    ratio: null,
    target: `< ${grouped(MEMORY_TARGET / 1e6)} MB`,
    met: most === null ? null : most < MEMORY_TARGET,
  };
}

const print = (text: string) => process.stdout.write(`${text}\n`);

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) {
  process.stderr.write(`unknown: ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')}\n`);
  process.exit(2);
}
execFileSync(process.execPath, [fileURLToPath(new URL('../scripts/build.mjs', import.meta.url))], {
  stdio: 'inherit',
});
const findings = await measure(
  wanted.length > 0 ? wanted : Object.keys(PARTS).filter((name) => !ONLY_BY_NAME.includes(name)),
);
print(`
Node ${process.versions.node}; server, database and load generator share ${availableParallelism()} processors, over
loopback: only the ratios are meaningful. Medians of ${RUNS} alternating runs of ${RUN_SECONDS} s after a warm-up.

${table(findings)}`);
