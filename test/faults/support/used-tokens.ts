import { expect } from '@jest/globals';
import { succeeds, tokenOf, tokenPath } from '../../support/access-changes/access-change.js';
import type { Api } from '../../support/api.js';
import type { OrgWithAdmin } from '../../support/fixtures.js';
import type { Replicas } from '../../support/replicas.js';
import { type Outcome, send } from './load.js';
import { Stalls } from './stalls.js';

const INFO = '/api/v1/orgs/current/info';

/** How long a replica may use what it remembers without hearing from the database. */
export const LEASE_MS = 100;
/** The longest that a change waits for a replica that does not respond. */
export const WAIT_MS = 200;
/** Tolerance for a busy machine. */
export const GRACE_MS = 800;

export type Token = { id: string; key: string; owner: Api };

export const askWith = (url: string, { key }: Token): Promise<Outcome> =>
  send(`${url}${INFO}`, { headers: { 'x-api-key': key } });

/** The different statuses of requests with the token, `times` at each URL, all at once. */
export async function statusesOf(urls: readonly string[], token: Token, times = 3) {
  const sent = urls.flatMap((url) => Array.from({ length: times }, () => askWith(url, token)));
  return [...new Set((await Promise.all(sent)).map(({ status }) => status))];
}

/** A token of a new member, which these replicas have accepted a moment ago. */
export async function usedToken(
  { fixtures }: Pick<Replicas, 'fixtures'>,
  org: OrgWithAdmin,
  urls: readonly string[],
): Promise<Token> {
  const { api } = await fixtures.member(org, { workspace: 'WORKSPACE_USER' });
  const token = { ...(await tokenOf({ api })), owner: api };
  for (let round = 0; round < 3; round++) expect(await statusesOf(urls, token)).toEqual([200]);
  return token;
}

/** Revokes the token at the first replica; returns after how many milliseconds that has responded, without stalls. */
export async function revoke(token: Token): Promise<number> {
  const stalls = new Stalls();
  const begun = performance.now();
  await succeeds(token.owner.delete(tokenPath(token)));
  stalls.stop();
  return Math.round(performance.now() - begun - stalls.ms);
}
