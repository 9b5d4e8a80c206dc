import { requests } from '../alternating-runs.ts';
import type { BenchContext } from '../installations.ts';
import { startTenantry } from '../processes.ts';
import { type Finding, grouped, plainFinding } from '../report.ts';

/** `BENCH_MEMORY_MINUTES=10 npm run bench -- memory` for the period of the target; three show the trend. */
const MINUTES = Number(process.env['BENCH_MEMORY_MINUTES'] ?? 3);
const TARGET_BYTES = 220e6;
const TARGET_GROWTH = 0.05;

/** The RSS of a fresh server under constant load: after a minute, and how much it has grown at the end. */
export async function memory({ servers, small }: BenchContext): Promise<Finding[]> {
  const server = await startTenantry(small.databaseUrl);
  servers.push(server);
  const start = await server.memory();
  const sizes: number[] = [];
  for (let minute = 0; minute < MINUTES; minute++) {
    await loadForAMinute(server.url, small);
    sizes.push((await server.memory())?.now ?? NaN);
  }
  const [first, last, highest] = [sizes[0] ?? NaN, sizes.at(-1) ?? NaN, Math.max(...sizes)];
  const growth = last / first - 1;
  if (!start || Number.isNaN(growth)) return [plainFinding('RSS under load', 'unknown here')];
  return [
    plainFinding(
      `RSS under load over ${MINUTES} minutes, highest at the end of a minute`,
      megabytes(highest),
      {
        beside: `${megabytes(start.now)} (idle)`,
        target: `<= ${megabytes(TARGET_BYTES)}`,
        met: highest <= TARGET_BYTES,
      },
    ),
    plainFinding('  growth from the first to the last minute', `${(growth * 100).toFixed(1)} %`, {
      beside: sizes.map(megabytes).join(', '),
      target: `< ${TARGET_GROWTH * 100} %`,
      met: growth < TARGET_GROWTH,
    }),
  ];
}

const PATHS = [
  '/api/v1/orgs/current/info',
  '/api/v1/workspaces',
  '/api/v1/orgs/current/members/active?limit=100',
];

async function loadForAMinute(
  url: string,
  { adminKey, personalToken }: BenchContext['small'],
): Promise<void> {
  for (const path of PATHS)
    for (const key of [adminKey, personalToken]) await requests(url + path, { 'x-api-key': key }, 16)(10);
}

const megabytes = (bytes: number): string => `${grouped(bytes / 1e6)} MB`;
