import { expect, it } from '@jest/globals';
import { traceOf } from './trace-of.js';

it('says what happened and where, and what caused it', () => {
  const error = new Error('could not save', { cause: new TypeError('no connection') });

  expect(traceOf(error)).toMatch(
    /^Error: could not save\n {4}at .*trace-of\.spec[^]*\ncaused by TypeError: no connection\n {4}at /,
  );
});

it('keeps what else hangs on an error to itself', () => {
  const error = Object.assign(new Error('insert failed'), {
    parameters: ['a digest'],
    detail: 'Key (email)=…',
  });

  expect(traceOf(error)).not.toMatch(/digest|email/);
});

it('does not print what was thrown in place of an error', () => {
  expect(traceOf({ password: 'a secret' })).toBe('thrown: object');
  expect(traceOf('a secret')).toBe('thrown: string');
});
