import { type Api, createTenantry, type TenantryOptions } from '@tenantry/client';
import { isLogin, type LoginEntry, readCredentials } from './credentials-file.js';
import { EXIT, Failure } from './failures.js';
import { LoginTokens } from './login-tokens.js';

export type Connection = { readonly api: Api; readonly url: string };

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * The address of a server, without a slash at its end. Keys leave this computer encrypted or not at all.
 *
 * @throws Failure
 */
export function serverUrl(text: string): string {
  let url: URL;
  try {
    url = new URL(text.includes('://') ? text : `https://${text}`);
  } catch {
    throw new Failure(`${text} is not the address of a server.`, EXIT.usage);
  }
  if (url.username || url.password)
    throw new Failure('The address of a server contains no user and no password.', EXIT.usage);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname)))
    throw new Failure('Keys are sent with https only; http is for a server on this computer.', EXIT.usage);
  return `${url.origin}${url.pathname}`.replace(/\/$/, '');
}

/** The named server, or else the one of the last login. */
export async function chosenServer(named: string | undefined): Promise<string> {
  if (named) return serverUrl(named);
  const { current, servers } = await readCredentials();
  const entry = current === null ? undefined : servers[current];
  const others = Object.keys(servers);
  if (!entry && others.length > 0)
    throw new Failure(`Name the server with --server: ${others.join(', ')}.`, EXIT.usage);
  if (!entry) throw new Failure('Log in first: tenantry login --server URL', EXIT.notLoggedIn);
  return serverUrl(entry.url);
}

/** With TENANTRY_API_KEY, or else with the login. */
export async function connect(named: string | undefined): Promise<Connection> {
  const url = await chosenServer(named);
  const given = process.env['TENANTRY_API_KEY'];
  if (given === '') throw new Failure('TENANTRY_API_KEY is set, but empty.', EXIT.notLoggedIn);
  if (given) return connectWith(url, given);
  const entry = (await readCredentials()).servers[new URL(url).origin];
  if (!entry) throw new Failure(`Log in first: tenantry login --server ${url}`, EXIT.notLoggedIn);
  return isLogin(entry) ? connectLogin(url, entry) : connectWith(url, entry.token);
}

/** More than the server waits for events, and with the pauses of the client less than a minute. */
const DEADLINE_MS = 50_000;

/** `fetch` that fails where the response does not begin in time. A server that has never answered is not asked again. */
function fetchInTime(deadlineMs: number): NonNullable<TenantryOptions['fetch']> {
  let hasAnswered = false;
  let unreachable: TypeError | null = null;
  return async (request) => {
    if (unreachable) throw unreachable;
    const late = new AbortController();
    const timer = setTimeout(
      () => late.abort(new Error(`no response in ${deadlineMs / 1000} s`)),
      deadlineMs,
    );
    try {
      const response = await fetch(request, { signal: late.signal });
      hasAnswered = true;
      return response;
    } catch (error) {
      if (!late.signal.aborted) throw error;
      const timeout = new TypeError('fetch failed', { cause: late.signal.reason });
      if (!hasAnswered) unreachable = timeout;
      throw timeout;
    } finally {
      clearTimeout(timer);
    }
  };
}

export function connectWith(url: string, token: string, deadlineMs = DEADLINE_MS): Connection {
  if (token === '') throw new Failure('There is no key in what was given.', EXIT.usage);
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new Failure('This is not a key: it has other characters.', EXIT.usage);
  return { api: createTenantry({ server: url, apiKey: token, fetch: fetchInTime(deadlineMs) }), url };
}

export function connectLogin(url: string, entry: LoginEntry): Connection {
  const tokens = new LoginTokens(new URL(url).origin, entry);
  const fetch = tokens.retrying(fetchInTime(DEADLINE_MS));
  return { api: createTenantry({ server: url, accessToken: () => tokens.current(), fetch }), url };
}
