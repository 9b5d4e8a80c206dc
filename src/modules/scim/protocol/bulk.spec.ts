import { describe, expect, it } from '@jest/globals';
import { type BulkEntry, type BulkOperation, readBulk, resolved, workingOrder } from './bulk.js';

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

describe('a bulk', () => {
  it('is read as the RFC shows it', () => {
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

  it('has what others refer to done first, and ids put in', () => {
    const order = workingOrder(read([TOUR, ALICE]).entries);
    const tour = resolved(operationOf(order[1]), new Map([['qwerty', 'id of Alice']]));

    expect(order.map(({ bulkId }) => bulkId)).toEqual(['qwerty', 'ytrewq']);
    expect(tour.data).toEqual({
      displayName: 'Tour Guides',
      members: [{ type: 'User', value: 'id of Alice' }],
    });
  });

  it('may refer to what it makes in a path too', () => {
    const { entries } = read([{ method: 'DELETE', path: '/Users/bulkId:qwerty' }]);

    expect(resolved(operationOf(entries[0]), new Map([['qwerty', 'x']])).id).toBe('x');
    expect(() => resolved(operationOf(entries[0]), new Map())).toThrow(
      expect.objectContaining({ scimType: 'invalidValue' }),
    );
  });

  it('with a circle comes to an end', () => {
    const circle = [
      { ...TOUR, bulkId: 'a', data: { members: [{ value: 'bulkId:b' }] } },
      { ...TOUR, bulkId: 'b', data: { members: [{ value: 'bulkId:a' }] } },
    ];

    expect(workingOrder(read(circle).entries)).toHaveLength(2);
  });

  it.each([
    [{ method: 'GET', path: '/Users/1' }, 'invalidSyntax'],
    [{ method: 'POST', path: '/Users', data: {} }, 'invalidSyntax'],
    [{ method: 'POST', path: '/Users/1', bulkId: 'a', data: {} }, 'invalidPath'],
    [{ method: 'PUT', path: '/Users', data: {} }, 'invalidPath'],
    [{ method: 'PUT', path: '/Users/1' }, 'invalidSyntax'],
    [{ method: 'DELETE', path: '/Orgs/1' }, 'invalidPath'],
    ['nothing', 'invalidSyntax'],
  ])('keeps the error of an operation in its place: %j', (operation, scimType) => {
    expect(read([operation, ALICE]).entries).toMatchObject([{ error: { scimType } }, { operation: {} }]);
  });

  it.each([
    [[], {}, 400],
    [Array.from({ length: 1_001 }, () => ALICE), { schemas: [REQUEST] }, 413],
    [[], { schemas: [REQUEST], failOnErrors: 0 }, 400],
    ['none', { schemas: [REQUEST] }, 400],
  ])('is refused as a whole', (Operations, more, status) => {
    expect(() => readBulk({ Operations, ...more })).toThrow(expect.objectContaining({ status }));
  });
});
