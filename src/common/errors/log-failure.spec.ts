import { expect, it } from '@jest/globals';
import { errorTrace } from './log-failure.js';

it('an error trace has the message and the stack of the error and of its cause', () => {
  const error = new Error('could not save', { cause: new TypeError('no connection') });

  const trace = errorTrace(error);
  expect(trace.split('\n').slice(0, 2)).toEqual([
    'Error: could not save',
    expect.stringContaining('log-failure.spec'),
  ]);
  expect(trace).toContain('\ncaused by TypeError: no connection\n    at ');
});

it('an error trace leaves out other properties of the error', () => {
  const error = Object.assign(new Error('insert failed'), {
    parameters: ['a digest'],
    detail: 'Key (email)=…',
  });

  expect(errorTrace(error)).not.toMatch(/digest|email/);
});

it('an error trace names only the type of a thrown value that is not an error', () => {
  expect(errorTrace({ password: 'a secret' })).toBe('thrown: object');
  expect(errorTrace('a secret')).toBe('thrown: string');
});
