import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Replicas } from '../replicas.js';
import { WITH_APPLICATIONS } from '../grants.js';
import type { AccessChanges, Scene } from './access-change.js';
import { REVOCATIONS_OF_APPLICATIONS } from './application-changes.js';
import { GRANTS_OF_GROUPS, REVOCATIONS_OF_GROUPS } from './group-changes.js';
import { GRANTS_OF_KEYS, REVOCATIONS_OF_KEYS } from './key-changes.js';
import { GRANTS_OF_MEMBERS, REVOCATIONS_OF_MEMBERS } from './member-changes.js';
import { EndedTooEarly, type Observation, observeChange } from './observe-change.js';
import { REVOCATIONS_OF_SESSIONS } from './session-changes.js';
import { REVOCATIONS_BY_SQL } from './sql-changes.js';

const REVOCATIONS = {
  ...REVOCATIONS_OF_APPLICATIONS,
  ...REVOCATIONS_OF_KEYS,
  ...REVOCATIONS_OF_SESSIONS,
  ...REVOCATIONS_OF_MEMBERS,
  ...REVOCATIONS_OF_GROUPS,
};
const GRANTS = { ...GRANTS_OF_KEYS, ...GRANTS_OF_MEMBERS, ...GRANTS_OF_GROUPS };

const AFTER_MS = 50;
/** Of a key that expires: enough to cache it on an idle machine, and on a busy one. */
const SHORT_LIFETIME_MS = 1000;
const LONG_LIFETIME_MS = 15_000;
/** docs/contract/installation.md#caching */
const SQL_MS = 100;

type Proof = {
  changes: AccessChanges;
  /** Whether the changes give rights; otherwise they take rights away. */
  grants?: boolean;
  /** How often each change is made at least: by all replicas at the same time, until it was. */
  times: number;
  /** For how long after the change replicas may respond as before; 0 for changes by the API. */
  withinMs?: number;
};

/** The tests of every change of rights, made `times` times each. */
export function proveAcknowledgedChanges(
  start: (environment: Record<string, string>) => Promise<Replicas>,
  times: number,
): void {
  let scene: Scene;
  beforeAll(async () => {
    const replicas = await start(WITH_APPLICATIONS);
    scene = { replicas, org: await replicas.fixtures.orgWithAdmin() };
  });
  afterAll(() => scene.replicas.close());

  describe('no replica grants a request that is sent after', () => {
    proveChanges(() => scene, { changes: REVOCATIONS, times });
  });

  describe(`no replica grants a request that is sent ${SQL_MS} ms after another program committed`, () => {
    proveChanges(() => scene, { changes: REVOCATIONS_BY_SQL, times, withinMs: SQL_MS });
  });

  describe('every replica grants the requests that are sent after', () => {
    proveChanges(() => scene, { changes: GRANTS, grants: true, times });
  });
}

/** A test for each change; prints the figures of all. */
export function proveChanges(
  scene: () => Scene,
  { changes, grants = false, times, withinMs = 0 }: Proof,
): void {
  const observed: Observation[] = [];
  afterAll(() => print(grants ? 'grants' : withinMs ? 'revocations by SQL' : 'revocations', observed));

  it.each(Object.entries(changes))('%s', async (_, prepare) => {
    const { urls } = scene().replicas;
    const afterMs = withinMs + AFTER_MS;
    const observe = async (writer: string, lifetimeMs = SHORT_LIFETIME_MS): Promise<Observation> => {
      try {
        return await observeChange(urls, writer, await prepare(scene(), lifetimeMs), { grants, afterMs });
      } catch (error) {
        if (!(error instanceof EndedTooEarly) || lifetimeMs > LONG_LIFETIME_MS) throw error;
        return observe(writer, lifetimeMs * 2);
      }
    };
    const all: Observation[] = [];
    while (all.length < times) all.push(...(await Promise.all(urls.map((url) => observe(url)))));
    observed.push(...all);

    if (withinMs === 0) expect(all.map(({ late }) => late)).toEqual(all.map(() => ({})));
    else expect(lastLateMs(all)).toBeLessThanOrEqual(withinMs);
  });
}

const lastLateMs = (all: readonly Observation[]): number =>
  Math.round(Math.max(...all.map((one) => one.lastLateMs)));

function print(name: string, all: readonly Observation[]): void {
  const requests = all.reduce((sum, one) => sum + one.requests, 0);
  const figures = { changes: all.length, requests, staleForMs: lastLateMs(all) };
  process.stderr.write(`    ${name}: ${JSON.stringify(figures)}\n`);
}
