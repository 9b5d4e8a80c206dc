// @ts-check
/**
 * The credential of the reader: a key or token, kept only in the memory of this module, or the session cookie of the
 * console, which scripts cannot read.
 */

/** @typedef {{ id: string, display_name: string, organization_id?: string | null }} Workspace */
/** @typedef {{ status: number, ok: boolean, text: string, json: any, milliseconds: number }} Reply */

/** @type {{ credential: string, usesCookie: boolean, userId: string, workspace: Workspace | null }} */
const mine = { credential: '', usesCookie: false, userId: '', workspace: null };

export const isSignedIn = () => mine.credential !== '' || mine.usesCookie;
export const currentWorkspace = () => mine.workspace;

/** @param {Workspace | null} workspace */
export const choose = (workspace) => (mine.workspace = workspace);

export function forget() {
  mine.credential = '';
  mine.usesCookie = false;
  mine.userId = '';
  mine.workspace = null;
}

const isKey = () => mine.credential.startsWith('lsv2_');

/** @returns {Record<string, string>} */
function headers() {
  const { credential, userId, workspace } = mine;
  return {
    ...(credential === ''
      ? {}
      : isKey()
        ? { 'x-api-key': credential }
        : { authorization: `Bearer ${credential}` }),
    ...(userId ? { 'x-session-user': userId } : {}), // refused if another user has signed in
    ...(workspace ? { 'x-tenant-id': workspace.id } : {}),
    ...(workspace?.organization_id ? { 'x-organization-id': workspace.organization_id } : {}),
  };
}

/**
 * Stores a key or a session token and returns the workspaces that it may see. Throws the server's error text if the
 * credential is refused.
 * @param {string} credential
 * @returns {Promise<Workspace[]>}
 */
export async function use(credential) {
  forget();
  mine.credential = credential.trim();
  const reply = await call('GET', isKey() ? '/api/v1/workspaces' : WORKSPACES);
  // A key that is limited to workspaces may not list workspaces, although it is valid.
  if (reply.status === 403 && isKey()) return [];
  if (!reply.ok) {
    forget();
    throw new Error(reply.json?.detail ?? reply.text);
  }
  choose(reply.json[0] ?? null);
  return reply.json;
}

/** Stored by the console (console/src/texts/texts.tsx). */
const CONSOLE_WAS_USED = 'tenantry.language';
const WORKSPACES = '/api/v1/tenants?skip_create=true';

/**
 * Continues with the session of the console, if that was used in this browser. Changes carry the `Origin` of this page,
 * which the server requires of requests with the cookie. `user` is an address, or else an id. Null without a session.
 * @returns {Promise<{ workspaces: Workspace[], user: string } | null>}
 */
export async function useConsoleSession() {
  if (localStorage.getItem(CONSOLE_WAS_USED) === null) return null;
  mine.usesCookie = true;
  const session = await readSession();
  if (!mine.usesCookie) return null; // the reader was faster
  if (!session) forget();
  return session;
}

async function readSession() {
  const { ok, json: userId } = await call('GET', '/api/v1/me/ls_user_id');
  if (!ok || !mine.usesCookie) return null;
  mine.userId = userId;
  const { ok: isRead, json: workspaces } = await call('GET', WORKSPACES);
  if (!isRead || !mine.usesCookie) return null;
  choose(workspaces[0] ?? null);
  return { workspaces, user: (await ownEmail()) ?? userId };
}

/** Undefined for users who are in no organization. */
async function ownEmail() {
  const { ok, json } = await call('GET', '/api/v1/orgs/current/user/login-methods');
  return ok ? json.find((/** @type {{ email?: string }} */ { email }) => email)?.email : undefined;
}

/** Below which the API is served on this host; empty at the root. */
export const basePath = document.documentElement.dataset['base'] ?? '';

/**
 * @param {string} email
 * @param {string} password
 */
export async function signIn(email, password) {
  forget();
  const reply = await call('POST', '/api/v1/login', JSON.stringify({ email, password }));
  if (!reply.ok) throw new Error(reply.json?.detail ?? reply.text);
  return use(reply.json.access_token);
}

/**
 * @param {string} method
 * @param {string} path
 * @param {string} [body]
 * @returns {Promise<Reply>}
 */
export async function call(method, path, body) {
  const begun = performance.now();
  const response = await fetch(`${basePath}${path}`, {
    method,
    headers: { ...headers(), ...(body ? { 'content-type': 'application/json' } : {}) },
    credentials: mine.usesCookie ? 'same-origin' : 'omit',
    ...(body ? { body } : {}),
  });
  const text = await response.text();
  const milliseconds = Math.round(performance.now() - begun);
  return { status: response.status, ok: response.ok, text, json: parsed(text), milliseconds };
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
