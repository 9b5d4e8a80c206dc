/**
 * `npm run soak -- --hours N --seed S`: mixed load from 50 organizations on two servers, with faults at random, and what
 * has to hold afterwards (docs/testing.md#soak). Writes `generated/soak/soak.svg`.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: { hours: { type: 'string', default: '0.02' }, seed: { type: 'string' } },
});
const [hours, seed] = [Number(values.hours), Number(values.seed ?? Math.floor(Math.random() * 1e6))];
if (!(hours > 0) || !Number.isInteger(seed)) {
  console.error('Usage: npm run soak -- [--hours N] [--seed S], a number of hours (0.02) and an integer');
  process.exit(2);
}

const child = spawn(
  process.execPath,
  [join(root, 'scripts/test.mjs'), '--config', 'test/soak/jest.config.ts'],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, SOAK_HOURS: String(hours), SOAK_SEED: String(seed) },
  },
);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
