// @ts-check
/** The credential of the reader; it is kept only in the memory of this module. */

/** @typedef {{ id: string, display_name: string, organization_id?: string | null }} Workspace */
/** @typedef {{ status: number, ok: boolean, text: string, json: any, milliseconds: number }} Answer */

/** @type {{ credential: string, workspace: Workspace | null }} */
const mine = { credential: '', workspace: null };

export const isSignedIn = () => mine.credential !== '';
export const currentWorkspace = () => mine.workspace;

/** @param {Workspace | null} workspace */
export const choose = (workspace) => (mine.workspace = workspace);

export function forget() {
  mine.credential = '';
  mine.workspace = null;
}

const isKey = () => mine.credential.startsWith('lsv2_');

/** @returns {Record<string, string>} */
function headers() {
  const { credential, workspace } = mine;
  return {
    ...(credential === ''
      ? {}
      : isKey()
        ? { 'x-api-key': credential }
        : { authorization: `Bearer ${credential}` }),
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
  const answer = await call('GET', isKey() ? '/api/v1/workspaces' : '/api/v1/tenants?skip_create=true');
  // A key that is limited to workspaces may not list workspaces, although it is valid.
  if (answer.status === 403 && isKey()) return [];
  if (!answer.ok) {
    forget();
    throw new Error(answer.json?.detail ?? answer.text);
  }
  choose(answer.json[0] ?? null);
  return answer.json;
}

/** Below which the API is served on this host; empty at the root. */
export const basePath = document.documentElement.dataset['base'] ?? '';

/**
 * @param {string} email
 * @param {string} password
 */
export async function signIn(email, password) {
  forget();
  const answer = await call('POST', '/api/v1/login', JSON.stringify({ email, password }));
  if (!answer.ok) throw new Error(answer.json?.detail ?? answer.text);
  return use(answer.json.access_token);
}

/**
 * @param {string} method
 * @param {string} path
 * @param {string} [body]
 * @returns {Promise<Answer>}
 */
export async function call(method, path, body) {
  const begun = performance.now();
  const response = await fetch(`${basePath}${path}`, {
    method,
    headers: { ...headers(), ...(body ? { 'content-type': 'application/json' } : {}) },
    credentials: 'omit',
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
