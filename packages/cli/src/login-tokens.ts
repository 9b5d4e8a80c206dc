import { setTimeout as sleep } from 'node:timers/promises';
import type { Configuration } from 'openid-client';
import type { TenantryOptions } from '@tenantry/client';
import { findAuthorizationServer, refreshTokens, type Tokens } from './authorization-server.js';
import { isLogin, type LoginEntry, readCredentials, replaceEntry } from './credentials-file.js';
import { EXIT, Failure, toFailure } from './failures.js';

type Fetch = NonNullable<TenantryOptions['fetch']>;

const REFRESH_BEFORE_MS = 60_000;
/** Longer than a refresh may take. A process that was killed meanwhile holds up others for so long. */
const LEASE_MS = 30_000;
const PAUSE_MS = 100;

let refreshing: Promise<unknown> = Promise.resolve();

/** Until then, an exit could lose tokens that the server has replaced. */
export const refreshSettled = (): Promise<unknown> => refreshing;

/** The access token of a login: of the file, as other processes refresh it, too. */
export class LoginTokens {
  constructor(
    private readonly origin: string,
    private entry: LoginEntry,
  ) {}

  /** @throws Failure if the login has ended */
  async current(): Promise<string> {
    if (this.entry.login.expiresAt - Date.now() < REFRESH_BEFORE_MS) await this.refresh(this.entry);
    return this.entry.token;
  }

  /** Repeats a request once, with a new token, where the server does not accept this one. */
  retrying(send: Fetch): Fetch {
    return async (request, init) => {
      const used = this.entry;
      const response = await send(request.clone(), init);
      if (response.status !== 401 || !(await this.refresh(used).then(() => true, unlessEnded)))
        return response;
      await response.body?.cancel();
      request.headers.set('Authorization', `Bearer ${this.entry.token}`);
      return send(request, init);
    };
  }

  private async refresh(used: LoginEntry): Promise<void> {
    this.entry = await refreshed(this.origin, used);
  }
}

function unlessEnded(error: unknown): false {
  if (toFailure(error).exitCode !== EXIT.notLoggedIn) throw error;
  return false;
}

/** Of all processes that have used this entry, one refreshes it and the others read the result. */
async function refreshed(origin: string, used: LoginEntry): Promise<LoginEntry> {
  let server: Configuration | undefined;
  for (;;) {
    const entry = await freeEntry(origin, used.login.id);
    if (!entry) throw new Failure(`Log in again: tenantry login --server ${used.url}`, EXIT.notLoggedIn);
    if (entry.token !== used.token) return entry;
    server ??= await findAuthorizationServer(used.url);
    const work = refreshIfFree(server, origin, entry);
    refreshing = Promise.allSettled([refreshing, work]);
    const own = await work;
    if (own) return own;
  }
}

/** Once no process refreshes it. Null if there is none, or another login, perhaps of another person or organization. */
export async function freeEntry(origin: string, loginId: string): Promise<LoginEntry | null> {
  for (;;) {
    const entry = (await readCredentials()).servers[origin];
    if (!entry || !isLogin(entry) || entry.login.id !== loginId) return null;
    const lease = (entry.login.leaseEndsAt ?? 0) - Date.now();
    if (lease <= 0 || lease > LEASE_MS) return entry;
    await sleep(PAUSE_MS);
  }
}

/** Null if another process has changed the entry. */
async function refreshIfFree(
  server: Configuration,
  origin: string,
  entry: LoginEntry,
): Promise<LoginEntry | null> {
  const { leaseEndsAt: _over, ...login } = entry.login;
  const leased = { ...entry, login: { ...login, leaseEndsAt: Date.now() + LEASE_MS } };
  if (!(await replaceEntry(origin, entry, leased))) return null;
  let tokens: Tokens | null;
  try {
    tokens = await refreshTokens(server, login.refreshToken);
  } catch (error) {
    await replaceEntry(origin, leased, { ...entry, login });
    throw error;
  }
  if (!tokens) {
    await replaceEntry(origin, leased, undefined);
    throw new Failure(
      `The login has ended. Log in again: tenantry login --server ${entry.url}`,
      EXIT.notLoggedIn,
    );
  }
  const fresh = entryOf(entry.url, login.id, tokens);
  await replaceEntry(origin, leased, fresh);
  return fresh;
}

/** @param id made at the login and kept by each refresh */
export const entryOf = (url: string, id: string, { accessToken, ...tokens }: Tokens): LoginEntry => ({
  url,
  token: accessToken,
  login: { id, ...tokens },
});
