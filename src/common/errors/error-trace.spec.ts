import { expect, it } from '@jest/globals';
import { errorTrace } from './error-trace.js';

it('says what happened and where, and what caused it', () => {
  const error = new Error('could not save', { cause: new TypeError('no connection') });

  expect(errorTrace(error)).toMatch(
    /^Error: could not save\n {4}at .*error-trace\.spec[^]*\ncaused by TypeError: no connection\n {4}at /,
  );
});

it('keeps what else hangs on an error to itself', () => {
  const error = Object.assign(new Error('insert failed'), {
    parameters: ['a digest'],
    detail: 'Key (email)=…',
  });

  expect(errorTrace(error)).not.toMatch(/digest|email/);
});

it('does not print what was thrown in place of an error', () => {
  expect(errorTrace({ password: 'a secret' })).toBe('thrown: object');
  expect(errorTrace('a secret')).toBe('thrown: string');
});
