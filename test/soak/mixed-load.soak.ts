import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { adminCommand } from '../support/admin-command.js';
import { until } from '../support/audit-log.js';
import { Api } from '../support/api.js';
import { Fixtures } from '../support/fixtures.js';
import { JWT_SECRET } from '../support/test-app.js';
import { FaultProxy } from '../faults/support/fault-proxy.js';
import { environmentOf, headersOf, PATIENT } from '../faults/support/fault-server.js';
import { printFigures } from '../faults/support/load.js';
import { PostgresServer } from '../faults/support/postgres-server.js';
import { ALLOWING_RECEIVERS } from '../support/receiver.js';
import { Deliveries } from './deliveries.js';
import { Clients } from './clients.js';
import { Faults, Replica } from './faults.js';
import { lostWrites, violations } from './invariants.js';
import { drawSoak } from './picture.js';
import { randomFrom } from './random.js';
import { type Sample, Sampler } from './samples.js';
import { type Ledger, scenariosOf, type Tenant } from './scenarios.js';
import { SignIns } from './sign-ins.js';

const { SOAK_HOURS = '0.02', SOAK_SEED = '1', SOAK_PICTURE = 'generated/soak/soak.svg' } = process.env;
const [hours, seed] = [Number(SOAK_HOURS), Number(SOAK_SEED)];
const DURATION_MS = hours * 3_600_000;

const ORGS = 50;
/** These have a webhook and a log stream each. */
const FOLLOWED = 5;
/** Claims of killed servers end after 60 s; a request that was refused is sent again later and later. */
const LAST_DELIVERIES_SECONDS = 300;

/** Of the memory in the second half of a run of an hour or more. */
const LARGEST_GROWTH = 1.3;

/** As in the image. */
const MEMORY = { NODE_OPTIONS: '--max-semi-space-size=16 --max-old-space-size=768' };

let postgres: PostgresServer;
let proxy: FaultProxy;
/** The third one alone uses an identity provider, which excludes passwords. */
let replicas: [Replica, Replica, Replica];
let deliveries: Deliveries;
let signIns: SignIns;
const tenants: Tenant[] = [];
const ledger: Ledger = { workspaces: new Map(), roles: new Map(), api_keys: new Map() };

beforeAll(async () => {
  postgres = await PostgresServer.start();
  proxy = await FaultProxy.to(postgres.port);
  const environment = { ...ALLOWING_RECEIVERS, ...MEMORY, ...PATIENT, LOG_LEVEL: 'warning' };
  const withProvider = async (url: string) => {
    signIns = await SignIns.start(url);
    return { ...environment, ...signIns.environment };
  };
  replicas = [
    await Replica.create(postgres.url, () => environment), // migrates
    await Replica.create(postgres.urlAt(proxy.port), () => environment),
    await Replica.create(postgres.url, withProvider),
  ];
  deliveries = await Deliveries.start(randomFrom(seed));
});
afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.end('SIGTERM')));
  await deliveries.stop();
  await signIns.stop();
  proxy.close();
  await postgres.remove();
});

/** An organization with what its clients use. */
async function createTenant(clients: Clients): Promise<Tenant> {
  const [{ url }] = replicas;
  const fixtures = new Fixtures(new Api(url), (text, values) => postgres.sql(text, values), JWT_SECRET);
  const org = await fixtures.orgWithAdmin();
  const admin = headersOf(org);
  const post = (path: string, body: object, status: number) =>
    clients.call({ kind: 'setup', method: 'POST', path, headers: admin, body, status });
  const { key } = await post('/api/v1/orgs/current/service-keys', { workspaces: [org.workspaceId] }, 200);
  const { token } = await post('/v1/platform/orgs/current/scim/tokens', {}, 201);
  const scim = { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' };
  const { email, password } = org.admin;
  const installation = { admin, key: { 'x-api-key': key }, scim };
  return { orgId: org.orgId, email, password, installation, acknowledged: { invited: [], provisioned: [] } };
}

it(`loses nothing and fails only within faults in ${hours} hours of mixed load, with seed ${seed}`, async () => {
  const faults = new Faults({ replicas, postgres, proxy }, randomFrom(seed));
  const clients = new Clients(replicas.slice(0, 2), faults, randomFrom(seed));
  while (tenants.length < ORGS) tenants.push(await createTenant(clients));
  for (const tenant of tenants.slice(0, FOLLOWED)) await deliveries.follow(tenant, clients);
  const sampler = new Sampler(postgres, replicas, faults, Math.max(500, DURATION_MS / 500));
  const stop = AbortSignal.timeout(DURATION_MS);
  const repeating = tenants.map((tenant) => clients.repeat(scenariosOf(tenant, ledger), stop));
  repeating.push(signIns.repeat(clients, stop));
  await Promise.all([...repeating, faults.run(Math.min(30_000, DURATION_MS / 5), stop)]);

  const expected = await deliveries.expect(clients, postgres);
  await until(() => expected.missing().length === 0, LAST_DELIVERIES_SECONDS).catch(() => undefined);
  await pause(1000); // the last cursors are written
  sampler.stop();
  draw(sampler, faults);
  report(clients, faults, expected.count, sampler);

  const { code } = await adminCommand(environmentOf(postgres.url), ['audit:verify']);
  expect({
    failures: Object.fromEntries(clients.failures),
    lost: await lostWrites(postgres, { ledger, tenants, signedIn: signIns.emails }),
    violations: await violations(postgres),
    undelivered: expected.missing(),
    auditLog: code,
  }).toEqual({ failures: {}, lost: [], violations: {}, undelivered: [], auditLog: 0 });
  if (hours >= 1) expect(growthOf(sampler.samples)).toBeLessThan(LARGEST_GROWTH);
});

function draw(sampler: Sampler, { windows }: Faults): void {
  const bands = windows.map(({ from, to }) => ({ from: sampler.secondsAt(from), to: sampler.secondsAt(to) }));
  mkdirSync(dirname(SOAK_PICTURE), { recursive: true });
  writeFileSync(SOAK_PICTURE, drawSoak(sampler.samples, bands, `${hours} hours, seed ${seed}`));
}

function report({ requests }: Clients, { windows }: Faults, delivered: number, { samples }: Sampler): void {
  const kinds = [...requests].map(([kind, { count, inFaults, slowestMs }]) => [
    kind,
    { count, inFaults, slowestMs },
  ]);
  printFigures('requests', Object.fromEntries(kinds) as Record<string, unknown>);
  const counts = Object.groupBy(windows, ({ name }) => name);
  printFigures(
    'faults',
    Object.fromEntries(Object.entries(counts).map(([name, all]) => [name, all?.length])),
  );
  printFigures('events and entries of the audit log delivered', { count: delivered });
  printFigures('memory at the end, as a ratio of that at half time', {
    ratio: growthOf(samples),
    picture: SOAK_PICTURE,
  });
}

/** Of the server that runs all the time: the memory in the last tenth, beside that after the first half. */
function growthOf(samples: readonly Sample[]): number {
  const values = samples.slice(samples.length / 2).map(({ memory }) => memory[1] ?? 0);
  const tenth = Math.max(1, Math.floor(values.length / 10));
  const mean = (part: readonly number[]) => part.reduce((sum, value) => sum + value, 0) / part.length;
  return Number((mean(values.slice(-tenth)) / mean(values.slice(0, tenth))).toFixed(2));
}
