import { describe, expect, it } from '@jest/globals';
import { sessionLength } from './open-sso-session.js';

const START = new Date('2026-01-01T08:00:00Z');
const at = (seconds: number) => new Date(START.getTime() + seconds * 1000);
const DAY = 86_400;
const limits = { sessionMaxSeconds: DAY, overrideTokenExpiry: false };

/** The session length in seconds after the login; `now`: seconds from the login to the provider's response. */
function length(
  idTokenEnd: number,
  hasRefreshToken: boolean,
  more: { now?: number; override?: boolean; providerEnd?: number } = {},
) {
  const found = sessionLength(
    {
      idTokenExpiresAt: at(idTokenEnd),
      providerExpiresAt: more.providerEnd === undefined ? null : at(more.providerEnd),
      hasRefreshToken,
    },
    { startedAt: START, now: at(more.now ?? 0) },
    { ...limits, overrideTokenExpiry: more.override ?? false },
  );
  const seconds = (time: Date | null) => time && (time.getTime() - START.getTime()) / 1000;
  return [seconds(found.confirmedUntil), seconds(found.refreshDueAt), seconds(found.expiresAt)];
}

describe('sessionLength', () => {
  it('ends the session when the ID token expires', () => {
    expect(length(3600, false)).toEqual([3600, null, 3600]);
  });

  it('ends the session at the maximum even if the ID token is valid longer', () => {
    expect(length(7 * DAY, false)).toEqual([DAY, null, DAY]);
  });

  it('uses the maximum without renewal if the token expiry is overridden', () => {
    expect(length(60, true, { override: true })).toEqual([DAY, null, DAY]);
  });

  it('renews a session with a refresh token a minute before the ID token expires', () => {
    expect(length(3600, true)).toEqual([3600, 3540, DAY]);
  });

  it('renews a short-lived ID token after nine tenths of its lifetime', () => {
    expect(length(100, true)).toEqual([100, 90, DAY]);
  });

  it('counts the maximum from the login even after renewals', () => {
    expect(length(DAY - 100, true, { now: DAY - 3700 })).toEqual([DAY - 100, DAY - 160, DAY]);
    expect(length(DAY + 100, true, { now: DAY - 3500 })).toEqual([DAY, null, DAY]);
  });

  it('ends the session at the end that the provider sets', () => {
    expect(length(3600, false, { providerEnd: 1800 })).toEqual([1800, null, 1800]);
    expect(length(3600, false, { providerEnd: 7200 })).toEqual([3600, null, 3600]);
    expect(length(60, false, { providerEnd: 1800, override: true })).toEqual([1800, null, 1800]);
    expect(length(7 * DAY, false, { providerEnd: 2 * DAY })).toEqual([DAY, null, DAY]);
  });

  it('renews the session before the end that the provider sets, since a renewal may move it', () => {
    expect(length(3600, true, { providerEnd: 1800 })).toEqual([1800, 1740, 1800]);
    expect(length(3600, true, { providerEnd: 7200 })).toEqual([3600, 3540, 7200]);
    expect(length(60, true, { providerEnd: 1800, override: true })).toEqual([1800, 1740, 1800]);
    expect(length(7 * DAY, true, { providerEnd: 2 * DAY })).toEqual([DAY, null, DAY]);
  });

  it('renews the session before its first use if the ID token has expired', () => {
    expect(length(-5, true)).toEqual([-5, -5, DAY]);
  });
});
