import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { adminCommand } from '../support/admin-command.js';
import { environmentOf, PATIENT } from '../faults/support/fault-server.js';
import { printFigures } from '../faults/support/load.js';
import { PostgresServer } from '../faults/support/postgres-server.js';
import { hasCommit, PREVIOUS } from '../../scripts/upgrade/previous-release.ts';
import { checkOutPreviousRelease } from './check-out-previous-release.js';
import { Rotation } from './rotation.js';
import {
  type Acknowledged,
  type Installation,
  install,
  invite,
  join,
  provision,
  read,
  signIn,
} from './scenarios.js';
import { Traffic } from './traffic.js';

const REPLICAS = 2;
const PAUSE_MS = 20;
/** How long each state of the rollout stays under load. */
const STATE_MS = 3000;

const hasPreviousRelease = hasCommit(PREVIOUS.commit);
if (!hasPreviousRelease)
  process.stderr.write(
    `Commit ${PREVIOUS.commit} is not in this clone (shallow?): the upgrade from the previous release is left out.\n`,
  );
const itWithPrevious = hasPreviousRelease ? it : it.skip;

let postgres: PostgresServer;
let previous: Awaited<ReturnType<typeof checkOutPreviousRelease>>;
let rotation: Rotation;
let environment: Record<string, string>;
beforeAll(async () => {
  if (!hasPreviousRelease) return;
  [postgres, previous] = await Promise.all([PostgresServer.start(), checkOutPreviousRelease()]);
  environment = { ...environmentOf(postgres.url), ...PATIENT };
  rotation = new Rotation(environment);
});
afterAll(async () => {
  if (!hasPreviousRelease) return;
  await rotation.kill();
  await postgres.remove();
  previous.remove();
});

const lastMigration = async () =>
  (await postgres.sql<{ name: string }>('select name from migrations order by id desc limit 1'))[0]?.name;

/** Replaces the servers one after another by those of the release in `root`. */
async function roll(root?: string): Promise<(number | string)[]> {
  const codes: (number | string)[] = [];
  for (let replica = 0; replica < REPLICAS; replica++) {
    await rotation.add(root);
    await pause(STATE_MS);
    codes.push(await rotation.retireOldest());
  }
  await pause(STATE_MS);
  return codes;
}

/** Sets up the installation by the previous release, which serves alone. */
async function startPrevious(): Promise<Installation> {
  for (let replica = 0; replica < REPLICAS; replica++) await rotation.add(previous.root);
  return new Traffic(rotation, [], 0).once(install);
}

itWithPrevious(
  'serves every request while the previous release is replaced by this one and back, on one database',
  async () => {
    const acknowledged: Acknowledged = { invited: [], provisioned: [] };
    const installation = await startPrevious();
    const before = await lastMigration();
    const scenarios = [
      ...[signIn, read(installation), read(installation)],
      ...[invite(installation, acknowledged), join(installation), provision(installation, acknowledged)],
    ];
    const traffic = new Traffic(rotation, scenarios, PAUSE_MS);
    const phase = async <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
      traffic.phase = name;
      const [requests, errors] = [traffic.total, traffic.failed];
      const result = await work();
      printFigures(name, { requests: traffic.total - requests, errors: traffic.failed - errors });
      return result;
    };

    await phase('previous release alone', () => pause(STATE_MS));
    const migrated = await phase('migrate, beside the previous release', async () => {
      const done = await adminCommand(environment, ['migrate']);
      await pause(STATE_MS);
      return done;
    });
    const upgraded = await phase('upgrade', () => roll());
    const rolledBack = await phase('rollback', () => roll(previous.root));
    await traffic.stop();

    printFigures('in all', { requests: traffic.requests, errors: traffic.failed });
    expect(before).toBe(PREVIOUS.lastMigration);
    expect(migrated).toMatchObject({ code: 0, errors: '' });
    expect(await adminCommand(environment, ['migrate', '--dry-run'])).toMatchObject({ code: 0 }); // nothing is pending
    expect(traffic.errors).toEqual({});
    expect([...upgraded, ...rolledBack]).toEqual(Array(2 * REPLICAS).fill(0));
    expect(await lost(acknowledged)).toEqual([]);
    expect(await adminCommand(environment, ['audit:verify'])).toMatchObject({ code: 0, errors: '' });
  },
);

/** Addresses that were acknowledged and are not stored. */
async function lost({ invited, provisioned }: Acknowledged): Promise<string[]> {
  const rows = await postgres.sql<{ email: string }>(
    `select email from invitations where status = 'pending' union all select email from users`,
  );
  const stored = new Set(rows.map(({ email }) => email));
  return [...invited, ...provisioned].filter((email) => !stored.has(email));
}
