import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Config } from '../../../config/config.js';
import type { AuditEntry } from '../audit-entry.entity.js';
import type { AuditSeal } from './audit-seal.entity.js';
import type { NewAnchor } from './audit-seals.repository.js';
import { checkChain } from './check-chain.js';
import { CHAIN_START, entryLine, SealKey } from './seal-key.js';

const keyOf = (sealSecret: string) => new SealKey({ audit: { sealSecret } } as Config);
const KEY = keyOf('a secret');
const CHAIN = '0198c5a0-0000-7000-8000-000000000002';

const entry = (position: number): AuditEntry => ({
  position: String(position),
  id: `0198c5a0-0000-7000-8000-${String(position).padStart(12, '0')}`,
  createdAt: new Date('2026-03-01T10:00:00.123Z'),
  orgId: CHAIN,
  workspaceId: null,
  operation: 'create_workspace',
  succeeded: true,
  userId: null,
  credentialKind: 'session',
  credentialId: null,
  resourceIds: ['0198c5a0-0000-7000-8000-000000000005'],
  requestMethod: 'POST',
  requestPath: '/api/v1/workspaces',
  clientHost: '10.0.0.1',
  clientPort: 4711,
  forwardedFor: 'line\nbreak',
  responseStatus: null,
  details: null,
});

/** One seal for each group. */
function sealed(...groups: AuditEntry[][]): AuditSeal[] {
  const seals: AuditSeal[] = [];
  for (const group of groups) {
    const { position: through, createdAt: newestAt } = group.at(-1)!;
    const facts = { chain: CHAIN, sequence: seals.length + 1, through, entries: group.length, newestAt };
    const mac = KEY.seal(seals.at(-1)?.mac ?? CHAIN_START.mac, facts, group);
    seals.push({ ...facts, mac, sealedAt: new Date() });
  }
  return seals;
}

async function* each<T>(rows: T[]): AsyncGenerator<T> {
  yield* rows;
}

let entries: AuditEntry[];
let seals: AuditSeal[];
let anchor: NewAnchor | null;
beforeEach(() => {
  entries = [1, 2, 5, 6, 9, 12].map(entry);
  seals = sealed(entries.slice(0, 2), entries.slice(2, 4), entries.slice(4, 5));
  anchor = null;
});

const check = (key = KEY) =>
  checkChain(key, { anchor, seals: each(seals), entries: each(entries), sealed: '10' });

it('a chain that nobody touched is intact, and tells what is not sealed yet', async () => {
  expect(await check()).toMatchObject({ seals: 3, entries: 5, unsealed: 1, head: { sequence: 3 } });
});

it('a chain without seals is intact while nothing of it is old enough to have one', async () => {
  [entries, seals] = [[entry(12)], []];

  expect(await check()).toEqual({ seals: 0, entries: 0, unsealed: 1, head: null });
});

describe('it is broken, and where, when', () => {
  const places: Record<keyof AuditEntry, unknown> = {
    ...entry(7),
    createdAt: new Date('2026-03-01T10:00:00.124Z'),
    orgId: null,
    workspaceId: CHAIN,
    operation: 'delete_workspace',
    succeeded: false,
    userId: CHAIN,
    credentialKind: 'service-key',
    credentialId: CHAIN,
    resourceIds: [],
    requestMethod: 'GET',
    requestPath: '/',
    clientHost: null,
    clientPort: 1,
    forwardedFor: 'line break',
    responseStatus: 403,
    details: { rule: 'just-in-time' },
  };

  it.each(Object.entries(places).filter(([column]) => column !== 'position'))(
    'the %s of an entry was changed',
    async (column, value) => {
      entries[2] = { ...entries[2]!, [column]: value };

      await expect(check()).rejects.toThrow(/^seal 2 .*changed/);
    },
  );

  it('two entries changed their places', async () => {
    [entries[2], entries[3]] = [
      { ...entries[3]!, position: '5' },
      { ...entries[2]!, position: '6' },
    ];

    await expect(check()).rejects.toThrow(/^seal 2 .*changed/);
  });

  it('an entry was removed', async () => {
    entries.splice(3, 1);

    await expect(check()).rejects.toThrow(/^seal 2 .*: 1 entries are there, 2 were sealed/);
  });

  it.each([
    [-3, /^seal 1 .*: 3 entries are there, 2 were sealed/],
    [4, /^seal 2 .*: 3 entries are there, 2 were sealed/],
    [10, /^after seal 3: 1 entries are not sealed/],
  ])('an entry was slipped in at %i', async (position, where) => {
    entries = [...entries, entry(position)].sort((a, b) => Number(a.position) - Number(b.position));

    await expect(check()).rejects.toThrow(where);
  });

  it.each([
    [0, /^seal 1 is missing/],
    [1, /^seal 2 is missing/],
    [2, /^after seal 2: 1 entries are not sealed/],
  ])('seal %i (counted from 0) was removed', async (index, where) => {
    seals.splice(index, 1);

    await expect(check()).rejects.toThrow(where);
  });

  it('a seal was removed with its entries, and the others numbered anew', async () => {
    seals = [seals[0]!, { ...seals[2]!, sequence: 2 }];
    entries.splice(2, 2);

    await expect(check()).rejects.toThrow(/^seal 2 .*changed/);
  });

  it('everything was sealed anew by somebody who does not have the secret', async () => {
    await expect(check(keyOf('another secret'))).rejects.toThrow(/^seal 1 .*changed/);
  });
});

describe('behind an anchor', () => {
  beforeEach(() => {
    const removed = seals.shift()!;
    entries.splice(0, 2);
    anchor = { ...removed, signature: KEY.sign(removed) };
  });

  it('the rest is intact', async () => {
    expect(await check()).toMatchObject({ seals: 2, entries: 3, unsealed: 1, head: { sequence: 3 } });
  });

  it('the chain is broken when the anchor is not there, is not ours, or is of another place', async () => {
    const ours = anchor!;
    const broken = [null, { ...ours, signature: ours.mac }, { ...ours, through: '5' }];

    for (const one of broken) {
      anchor = one;
      await expect(check()).rejects.toThrow(/seal 1 is missing|anchor/);
    }
  });

  it('the chain is broken when something stands before it', async () => {
    entries.unshift(entry(1));

    await expect(check()).rejects.toThrow('1 entries stand before its beginning');
  });
});

describe('the bytes of an entry', () => {
  it('are one line, whatever stands in it', () => {
    expect(entryLine(entry(1)).split('\n')).toHaveLength(2);
  });

  it('do not depend on the order of its columns, nor on columns that say nothing of it', () => {
    const { id, ...rest } = entry(1);

    expect(entryLine({ ...rest, id, addedLater: null } as AuditEntry)).toBe(entryLine(entry(1)));
  });
});
