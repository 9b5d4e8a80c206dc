import { expect, it } from '@jest/globals';
import { ValidationFailed } from '../../common/errors/validation.errors.js';
import { fromCursor, toCursor } from './audit-log-cursor.js';

const POSITION = {
  createdAt: new Date('2026-03-01T10:00:00.123Z'),
  id: '0198c5a0-0000-7000-8000-000000000001',
};
const CURSOR = { position: POSITION, proof: 'YWJjZGVmZ2hpamtsbW5vcA' };

it('comes back as it went', () => {
  expect(fromCursor(toCursor(CURSOR))).toEqual(CURSOR);
});

it('has no proof if it was made before cursors had one', () => {
  const old = btoa(JSON.stringify({ created_at: POSITION.createdAt, id: POSITION.id }));

  expect(fromCursor(old)).toEqual({ position: POSITION, proof: null });
});

it('needs no escaping in a URL beyond its padding', () => {
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
])('is refused with a place when it is %s', (_, cursor) => {
  expect(() => fromCursor(cursor)).toThrow(ValidationFailed);
});
