import { randomUUID } from 'node:crypto';
import { dataOf, NotAuthenticated } from '@tenantry/client';
import {
  authorizeDevice,
  type DeviceCode,
  findAuthorizationServer,
  revokeLogin,
} from '../authorization-server.js';
import { chosenServer, type Connection, connectLogin, connectWith, serverUrl } from '../connection.js';
import {
  addEntry,
  isLogin,
  type LoginEntry,
  readCredentials,
  removeEntry,
  replaceEntry,
} from '../credentials-file.js';
import { EXIT, Failure, toFailure } from '../failures.js';
import { entryOf, freeEntry } from '../login-tokens.js';
import { askSecret, isInteractive, note, readStdin, safe } from '../terminal.js';

type LoginOptions = { server?: string; withToken?: boolean };

/** Keeps tokens that a person allows in the console, or a key once the server has accepted it. */
export async function login({ server, withToken }: LoginOptions): Promise<void> {
  if (!server) throw new Failure('Name the server: tenantry login --server URL', EXIT.usage);
  const url = serverUrl(server);
  const name = withToken ? await keepKey(url) : await keepTokens(url);
  note(`Logged in to ${url}: ${safe(name)}.`);
  if (process.env['TENANTRY_API_KEY']) note('TENANTRY_API_KEY is set: it is used in place of this login.');
}

async function keepKey(url: string): Promise<string> {
  const token = isInteractive()
    ? await askSecret(`Key for ${url} (create it in the console under “Access tokens”): `)
    : await readStdin();
  const name = await organizationOf(connectWith(url, token)).catch((error: unknown) => {
    if (!(error instanceof NotAuthenticated)) throw error;
    throw new Failure('The server does not accept this key.', EXIT.notLoggedIn);
  });
  await addEntry(new URL(url).origin, { url, token });
  return name;
}

async function keepTokens(url: string): Promise<string> {
  const tokens = await authorizeDevice(await findAuthorizationServer(url), showCode);
  const entry = entryOf(url, randomUUID(), tokens);
  await addEntry(new URL(url).origin, entry);
  return organizationOf(connectLogin(url, entry));
}

/** Opens no browser: that may be on another computer. */
function showCode({ page, pageWithCode, userCode }: DeviceCode): void {
  note(`Open ${safe(pageWithCode)}\nor enter the code ${safe(userCode)} at ${safe(page)}`);
  note('Waiting until you allow it there. Ctrl+C cancels.');
}

async function organizationOf({ api }: Connection): Promise<string> {
  return (await dataOf(api.GET('/api/v1/orgs/current'))).display_name ?? '';
}

type LogoutOptions = { server?: string; keepToken?: boolean };

/** Forgets the login or key, and ends it on the server unless it is a service key. */
export async function logout({ server, keepToken = false }: LogoutOptions): Promise<void> {
  const url = await chosenServer(server);
  const { origin } = new URL(url);
  const entry = (await readCredentials()).servers[origin];
  if (!entry) throw new Failure(`There is no login at ${url}.`, EXIT.notLoggedIn);
  if (isLogin(entry)) return endLogin(origin, entry, keepToken);
  const fate = keepToken ? 'The key still works.' : await revoke(connectWith(url, entry.token), entry.token);
  await removeEntry(origin);
  note(`Logged out of ${url}. ${fate}`);
}

/** By the newest refresh token, since those before it end nothing. */
async function endLogin(
  origin: string,
  { url, login: { id } }: LoginEntry,
  keepToken: boolean,
): Promise<void> {
  let entry: LoginEntry | null;
  do {
    entry = await freeEntry(origin, id);
    if (!entry) throw new Failure(`There is no login at ${url} any more.`, EXIT.notLoggedIn);
  } while (!(await replaceEntry(origin, entry, undefined)));
  const fate = keepToken ? 'The login still works.' : await revokeTokens(entry);
  note(`Logged out of ${url}. ${fate}`);
}

async function revokeTokens({ url, login: { refreshToken } }: LoginEntry): Promise<string> {
  try {
    await revokeLogin(await findAuthorizationServer(url), refreshToken);
    return 'The login was ended on the server, for your other computers, too.';
  } catch (error) {
    return `The login could not be ended on the server: do it in the console. ${toFailure(error).message}`;
  }
}

const TOKENS = '/api/v1/orgs/current/personal-access-tokens';

/** Service keys are left alone: programs may use them. Returns what became of the key. */
async function revoke({ api }: Connection, token: string): Promise<string> {
  if (!token.startsWith('lsv2_pt_')) return 'The service key still works.';
  try {
    const tokens = await dataOf(api.GET(TOKENS));
    const own = tokens.filter(({ short_key: shortKey }) => isShortOf(shortKey, token));
    const [found, another] = own;
    if (!found || another) return 'The token could not be told from others: delete it in the console.';
    await dataOf(api.DELETE(`${TOKENS}/{pat_id}`, { params: { path: { pat_id: found.id } } }));
    return 'The token was deleted.';
  } catch (error) {
    return `The token could not be deleted. ${toFailure(error).message}`;
  }
}

/** A short key is the beginning and the end of a key. */
function isShortOf(shortKey: string, token: string): boolean {
  const [begin = '', end = ''] = shortKey.split('...');
  return token.startsWith(begin) && token.endsWith(end);
}
