import { describe, expect, it } from '@jest/globals';
import {
  type BulkEntry,
  type BulkOperation,
  readBulk,
  locationOfEntry,
  resolveReferences,
  executionOrder,
} from './bulk.js';

const REQUEST = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
const read = (Operations: unknown[], more: object = {}) =>
  readBulk({ schemas: [REQUEST], Operations, ...more });
const operationOf = (entry: BulkEntry | undefined) => (entry as { operation: BulkOperation }).operation;

/** RFC 7644, section 3.7.2. */
const ALICE = { method: 'POST', path: '/Users', bulkId: 'qwerty', data: { userName: 'Alice' } };
const TOUR = {
  method: 'POST',
  path: '/Groups',
  bulkId: 'ytrewq',
  data: { displayName: 'Tour Guides', members: [{ type: 'User', value: 'bulkId:qwerty' }] },
};

describe('a SCIM bulk request', () => {
  it('parses the example of the RFC', () => {
    const { entries, failOnErrors } = read(
      [
        ALICE,
        { method: 'put', path: '/Users/b7c14771', version: 'W/"4"', data: { userName: 'Bob' } },
        { method: 'DELETE', path: '/Users/e9025315' },
      ],
      { failOnErrors: 1 },
    );

    expect(failOnErrors).toBe(1);
    expect(entries.map(operationOf)).toMatchObject([
      { method: 'POST', resource: 'Users', id: null, bulkId: 'qwerty' },
      { method: 'PUT', id: 'b7c14771', version: 'W/"4"' },
      { method: 'DELETE', id: 'e9025315' },
    ]);
  });

  it('executes referenced operations first and inserts their ids', () => {
    const { order } = executionOrder(read([TOUR, ALICE]).entries);
    const tour = resolveReferences(operationOf(order[1]), new Map([['qwerty', 'id of Alice']]));

    expect(order.map(({ bulkId }) => bulkId)).toEqual(['qwerty', 'ytrewq']);
    expect(tour.data).toEqual({
      displayName: 'Tour Guides',
      members: [{ type: 'User', value: 'id of Alice' }],
    });
  });

  it('resolves a bulkId reference in a path', () => {
    const { entries } = read([{ method: 'DELETE', path: '/Users/bulkId:qwerty' }]);

    expect(resolveReferences(operationOf(entries[0]), new Map([['qwerty', 'x']])).id).toBe('x');
    expect(() => resolveReferences(operationOf(entries[0]), new Map())).toThrow(
      expect.objectContaining({ scimType: 'invalidValue' }),
    );
  });

  it('marks the operations in a reference cycle and their dependants as unresolvable', () => {
    const needing = (bulkId: string, ...needed: string[]) => ({
      ...TOUR,
      bulkId,
      data: { members: needed.map((value) => ({ value: `bulkId:${value}` })) },
    });
    const stuckOf = (...operations: unknown[]) => {
      const { order, unresolvable } = executionOrder(read(operations).entries);
      expect(order).toHaveLength(operations.length);
      return new Set([...unresolvable].map(({ bulkId }) => bulkId));
    };

    const circle = [needing('a', 'b'), needing('b', 'c'), needing('c', 'a')];
    expect(stuckOf(needing('a', 'b'), needing('b', 'a'))).toEqual(new Set(['a', 'b']));
    expect(stuckOf(needing('a', 'a'), ALICE)).toEqual(new Set(['a']));
    expect(stuckOf(needing('d', 'qwerty', 'a'), ...circle, ALICE)).toEqual(new Set(['a', 'b', 'c', 'd']));
    expect(stuckOf(needing('a', 'b', 'c'), needing('b', 'c'), needing('c', 'qwerty'), ALICE)).toEqual(
      new Set(),
    );
    expect(stuckOf(needing('a', 'unknown'))).toEqual(new Set());
  });

  it('returns the location of the resource of each operation, or null', () => {
    const locations = read([
      ALICE,
      { method: 'PATCH', path: '/Users/1' },
      { method: 'DELETE', path: '/Groups/bulkId:qwerty' },
      { method: 'DELETE', path: '/Groups/bulkId:unknown' },
      { method: 'DELETE', path: '/Nothing/1' },
      { method: 'POST', path: '/Users/1' },
    ]).entries.map((entry) => locationOfEntry(entry, new Map([['qwerty', 'x']])));

    expect(locations).toEqual([null, '/Users/1', '/Groups/x', null, null, null]);
  });

  it.each([
    [{ method: 'GET', path: '/Users/1' }, 'invalidSyntax'],
    [{ method: 'POST', path: '/Users', data: {} }, 'invalidSyntax'],
    [{ method: 'POST', path: '/Users/1', bulkId: 'a', data: {} }, 'invalidPath'],
    [{ method: 'PUT', path: '/Users', data: {} }, 'invalidPath'],
    [{ method: 'PUT', path: '/Users/1' }, 'invalidSyntax'],
    [{ method: 'DELETE', path: '/Orgs/1' }, 'invalidPath'],
    ['nothing', 'invalidSyntax'],
  ])('keeps the error of a malformed operation in its place: %j', (operation, scimType) => {
    expect(read([operation, ALICE]).entries).toMatchObject([{ error: { scimType } }, { operation: {} }]);
  });

  it.each([
    [[], {}, 400],
    [Array.from({ length: 1_001 }, () => ALICE), { schemas: [REQUEST] }, 413],
    [[], { schemas: [REQUEST], failOnErrors: -1 }, 400],
    ['none', { schemas: [REQUEST] }, 400],
    [[ALICE, { ...TOUR, bulkId: ALICE.bulkId }], { schemas: [REQUEST] }, 400],
  ])('rejects the whole request for Operations %j with %j', (Operations, more, status) => {
    expect(() => readBulk({ Operations, ...more })).toThrow(expect.objectContaining({ status }));
  });
});
