import { dataOf, NotAuthenticated } from '@tenantry/client';
import { chosenServer, type Connection, connectWith, serverUrl } from '../connection.js';
import { addEntry, readCredentials, removeEntry } from '../credentials-file.js';
import { EXIT, Failure, toFailure } from '../failures.js';
import { askSecret, isInteractive, note, readStdin, safe } from '../terminal.js';

type LoginOptions = { server?: string; withToken?: boolean };

/** Keeps the key once the server has accepted it. */
export async function login({ server, withToken }: LoginOptions): Promise<void> {
  if (!server) throw new Failure('Name the server: tenantry login --server URL', EXIT.usage);
  const url = serverUrl(server);
  if (!withToken && !isInteractive())
    throw new Failure('Without a terminal, pass the key to standard input with --with-token.', EXIT.usage);
  const token = withToken
    ? await readStdin()
    : await askSecret(`Key for ${url} (create it in the console under “Access tokens”): `);
  const { api } = connectWith(url, token);
  const { display_name: name } = await dataOf(api.GET('/api/v1/orgs/current')).catch((error: unknown) => {
    if (!(error instanceof NotAuthenticated)) throw error;
    throw new Failure('The server does not accept this key.', EXIT.notLoggedIn);
  });
  await addEntry(new URL(url).origin, { url, token });
  note(`Logged in to ${url}: ${safe(name ?? '')}.`);
  if (process.env['TENANTRY_API_KEY'])
    note('TENANTRY_API_KEY is set: it is used in place of the key that you have just given.');
}

type LogoutOptions = { server?: string; keepToken?: boolean };

/** Forgets the key, and deletes it on the server if it is a personal access token. */
export async function logout({ server, keepToken }: LogoutOptions): Promise<void> {
  const url = await chosenServer(server);
  const { origin } = new URL(url);
  const entry = (await readCredentials()).servers[origin];
  if (!entry) throw new Failure(`There is no login at ${url}.`, EXIT.notLoggedIn);
  const fate = keepToken ? 'The key still works.' : await revoke(connectWith(url, entry.token));
  await removeEntry(origin);
  note(`Logged out of ${url}. ${fate}`);
}

const TOKENS = '/api/v1/orgs/current/personal-access-tokens';

/** Service keys are left alone: programs may use them. Returns what became of the key. */
async function revoke({ api, token }: Connection): Promise<string> {
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
