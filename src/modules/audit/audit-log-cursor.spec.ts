import { expect, it } from '@jest/globals';
import { ValidationFailed } from '../../common/errors/errors.js';
import { fromCursor, toCursor } from './audit-log-cursor.js';

const POSITION = {
  createdAt: new Date('2026-03-01T10:00:00.123Z'),
  id: '0198c5a0-0000-7000-8000-000000000001',
};
const CURSOR = { position: POSITION, proof: 'YWJjZGVmZ2hpamtsbW5vcA' };

it('decodes an encoded cursor to the same value', () => {
  expect(fromCursor(toCursor(CURSOR))).toEqual(CURSOR);
});

it('decodes a cursor of an earlier version without a proof', () => {
  const old = btoa(JSON.stringify({ created_at: POSITION.createdAt, id: POSITION.id }));

  expect(fromCursor(old)).toEqual({ position: POSITION, proof: null });
});

it('encodes a cursor without characters to escape in a URL, except its padding', () => {
  expect(toCursor(CURSOR)).toMatch(/^[A-Za-z0-9]+=*$/);
});

it.each([
  ['nothing', ''],
  ['no base64', '%%%'],
  ['no JSON', btoa('position')],
  ['null', btoa('null')],
  ['a list', btoa('[]')],
  ['no instant', btoa(JSON.stringify({ created_at: 'now', id: POSITION.id }))],
  [
    'before all calendars',
    btoa(JSON.stringify({ created_at: '-271821-04-20T00:00:00.000Z', id: POSITION.id })),
  ],
  ['no id', btoa(JSON.stringify({ created_at: POSITION.createdAt }))],
  ['an id that is none', btoa(JSON.stringify({ created_at: POSITION.createdAt, id: "' or 1=1" }))],
])('rejects a cursor that is %s with the location of the problem', (_, cursor) => {
  expect(() => fromCursor(cursor)).toThrow(ValidationFailed);
});
