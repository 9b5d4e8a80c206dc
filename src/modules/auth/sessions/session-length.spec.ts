import { describe, expect, it } from '@jest/globals';
import { sessionLength } from './session-length.js';

const START = new Date('2026-01-01T08:00:00Z');
const at = (seconds: number) => new Date(START.getTime() + seconds * 1000);
const DAY = 86_400;
const limits = { sessionMaxSeconds: DAY, overrideTokenExpiry: false };

/** As seconds after the login, where the provider spoke `now` seconds after it. */
function length(
  idTokenEnd: number,
  hasRefreshToken: boolean,
  more: { now?: number; override?: boolean } = {},
) {
  const found = sessionLength(
    { idTokenExpiresAt: at(idTokenEnd), hasRefreshToken },
    { startedAt: START, now: at(more.now ?? 0) },
    { ...limits, overrideTokenExpiry: more.override ?? false },
  );
  const seconds = (time: Date | null) => time && (time.getTime() - START.getTime()) / 1000;
  return [seconds(found.confirmedUntil), seconds(found.refreshDueAt), seconds(found.expiresAt)];
}

describe('a session', () => {
  it('lasts as long as the ID token', () => {
    expect(length(3600, false)).toEqual([3600, null, 3600]);
  });

  it('lasts no longer than the maximum, whatever the ID token says', () => {
    expect(length(7 * DAY, false)).toEqual([DAY, null, DAY]);
  });

  it('lasts the whole maximum when the token’s expiry is overridden, and asks for nothing', () => {
    expect(length(60, true, { override: true })).toEqual([DAY, null, DAY]);
  });

  it('with a refresh token lasts up to the maximum, renewed a minute before each ID token ends', () => {
    expect(length(3600, true)).toEqual([3600, 3540, DAY]);
  });

  it('of a short-lived ID token is renewed after nine tenths of it', () => {
    expect(length(100, true)).toEqual([100, 90, DAY]);
  });

  it('counts the maximum from the login, however often it is renewed', () => {
    expect(length(DAY - 100, true, { now: DAY - 3700 })).toEqual([DAY - 100, DAY - 160, DAY]);
    expect(length(DAY + 100, true, { now: DAY - 3500 })).toEqual([DAY, null, DAY]);
  });

  it('of an ID token that has run out already is renewed before its first use', () => {
    expect(length(-5, true)).toEqual([-5, -5, DAY]);
  });
});
