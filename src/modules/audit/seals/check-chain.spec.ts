import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Config } from '../../../config/config.js';
import type { AuditEntry } from '../entries/entities.js';
import type { AuditSeal } from './entities.js';
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

/** One seal for each group of entries. */
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

it('checkChain accepts an unchanged chain and counts the entries that are not sealed yet', async () => {
  expect(await check()).toMatchObject({ seals: 3, entries: 5, unsealed: 1, head: { sequence: 3 } });
});

it('checkChain accepts a chain without seals while none of its entries is due', async () => {
  [entries, seals] = [[entry(12)], []];

  expect(await check()).toEqual({ seals: 0, entries: 0, unsealed: 1, head: null });
});

describe('a broken chain', () => {
  const otherValues: Record<keyof AuditEntry, unknown> = {
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

  it.each(Object.entries(otherValues).filter(([column]) => column !== 'position'))(
    'is reported when the %s of an entry was changed',
    async (column, value) => {
      entries[2] = { ...entries[2]!, [column]: value };

      await expect(check()).rejects.toThrow(/^seal 2 .*changed/);
    },
  );

  it('is reported when two entries swapped their positions', async () => {
    [entries[2], entries[3]] = [
      { ...entries[3]!, position: '5' },
      { ...entries[2]!, position: '6' },
    ];

    await expect(check()).rejects.toThrow(/^seal 2 .*changed/);
  });

  it('is reported when an entry was removed', async () => {
    entries.splice(3, 1);

    await expect(check()).rejects.toThrow(/^seal 2 .*: 1 entries found, 2 were sealed/);
  });

  it.each([
    [-3, /^seal 1 .*: 3 entries found, 2 were sealed/],
    [4, /^seal 2 .*: 3 entries found, 2 were sealed/],
    [10, /^after seal 3: 1 entries are not sealed/],
  ])('is reported when an entry was inserted at position %i', async (position, where) => {
    entries = [...entries, entry(position)].sort((a, b) => Number(a.position) - Number(b.position));

    await expect(check()).rejects.toThrow(where);
  });

  it.each([
    [0, /^seal 1 is missing/],
    [1, /^seal 2 is missing/],
    [2, /^after seal 2: 1 entries are not sealed/],
  ])('is reported when the seal at index %i was removed', async (index, where) => {
    seals.splice(index, 1);

    await expect(check()).rejects.toThrow(where);
  });

  it('is reported when a seal was removed with its entries and the others were renumbered', async () => {
    seals = [seals[0]!, { ...seals[2]!, sequence: 2 }];
    entries.splice(2, 2);

    await expect(check()).rejects.toThrow(/^seal 2 .*changed/);
  });

  it('is reported when everything was sealed again with another secret', async () => {
    await expect(check(keyOf('another secret'))).rejects.toThrow(/^seal 1 .*changed/);
  });
});

describe('a chain after an anchor', () => {
  beforeEach(() => {
    const removed = seals.shift()!;
    entries.splice(0, 2);
    anchor = { ...removed, signature: KEY.sign(removed) };
  });

  it('is intact from the anchor on', async () => {
    expect(await check()).toMatchObject({ seals: 2, entries: 3, unsealed: 1, head: { sequence: 3 } });
  });

  it('is broken when the anchor is missing, forged or of another position', async () => {
    const genuine = anchor!;
    const broken = [null, { ...genuine, signature: genuine.mac }, { ...genuine, through: '5' }];

    for (const one of broken) {
      anchor = one;
      await expect(check()).rejects.toThrow(/seal 1 is missing|anchor/);
    }
  });

  it('is broken when an entry precedes the anchor', async () => {
    entries.unshift(entry(1));

    await expect(check()).rejects.toThrow('1 entries precede its beginning');
  });
});

describe('entryLine', () => {
  it('gives one line for any content', () => {
    expect(entryLine(entry(1)).split('\n')).toHaveLength(2);
  });

  it('ignores the order of columns and columns that are null', () => {
    const { id, ...rest } = entry(1);

    expect(entryLine({ ...rest, id, addedLater: null } as AuditEntry)).toBe(entryLine(entry(1)));
  });
});
