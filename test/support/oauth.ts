import { createHash, randomBytes } from 'node:crypto';
import { Api, type Reply } from './api.js';
import { freePort } from './free-port.js';
import { startTestApp, type TestApp } from './test-app.js';

export type OauthServer = Pick<TestApp, 'api' | 'url'> & {
  issuer: string;
  /** A form, as OAuth clients send it. */
  post: (path: string, parameters: Record<string, string>, api?: Api) => Promise<Reply>;
};
export type OauthApp = TestApp & OauthServer;

/** A server at its public address. */
export function oauthServerAt(url: string): OauthServer {
  const api = new Api(url);
  return {
    ...{ api, url, issuer: `${url}/api` },
    post: (path, parameters, caller = api) => postForm(caller, path, parameters),
  };
}

/** A server whose authorization server is on, at its real address. */
export async function startOauthApp(
  environment: Record<string, string> = {},
  existingDatabaseUrl?: string,
): Promise<OauthApp> {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const t = await startTestApp(
    {
      PORT: String(port),
      LANGSMITH_URL: address,
      AUTHORIZATION_SERVER_ENABLED: 'true',
      ...environment,
    },
    existingDatabaseUrl,
  );
  return { ...t, ...oauthServerAt(t.url) };
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

export const postForm = (api: Api, path: string, parameters: Record<string, string>): Promise<Reply> =>
  api.post(path, undefined, { raw: new URLSearchParams(parameters).toString(), headers: FORM });

export const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
export const CLI = 'langsmith-cli';

/** PKCE (RFC 7636). */
export function newChallenge(): { verifier: string; challenge: string } {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

export type Tokens = {
  access_token: string;
  refresh_token: string;
  workspace_id?: string;
  id_token?: string;
};

/** Signs a device in for the person, as the command line of LangSmith does. */
export async function signDeviceIn(
  t: OauthServer,
  person: { api: Api },
  orgId: string,
  parameters: Record<string, string> = {},
  scope = '',
): Promise<Tokens> {
  const { body: device } = await t.post('/api/v1/oauth/device/code', { client_id: CLI, scope });
  const api = person.api.as({ orgId });
  const decision = { organization_id: orgId, user_code: device.user_code, ...parameters };
  const approved = await t.post('/api/v1/oauth/device/authorize', decision, api);
  if (approved.status !== 200)
    throw new Error(`approval: ${approved.status} ${JSON.stringify(approved.body)}`);
  return (await exchangeDevice(t, device.device_code)).body;
}

/**
 * Opens the address of an authorization request and approves it, as the browser and the consent page do. Returns where
 * the browser is led then.
 */
export async function approveOnPage(
  t: OauthServer,
  person: { api: Api },
  orgId: string,
  address: URL,
): Promise<URL> {
  const { headers } = await fetch(address, { redirect: 'manual' });
  const page = new URL(headers.get('location') ?? 'about:blank');
  if (page.pathname !== '/console/consent') throw new Error(`no consent page: ${page.href}`);
  const shown = await person.api.get(`/api/v1/oauth/authorize/request${page.search}`);
  if (shown.status !== 200) throw new Error(`consent: ${JSON.stringify(shown.body)}`);
  const decision = { ...Object.fromEntries(page.searchParams), organization_id: orgId };
  const approved = await t.post('/api/v1/oauth/authorize/approve', decision, person.api.as({ orgId }));
  if (approved.status !== 200) throw new Error(`approval: ${JSON.stringify(approved.body)}`);
  return new URL(approved.body.redirect_uri);
}

export const approveDevice = (
  t: OauthServer,
  person: { api: Api },
  orgId: string,
  userCode: string,
): Promise<Reply> =>
  t.post(
    '/api/v1/oauth/device/authorize',
    { organization_id: orgId, user_code: userCode },
    person.api.as({ orgId }),
  );

export const exchangeDevice = (t: OauthServer, deviceCode: string, clientId = CLI): Promise<Reply> =>
  t.post('/api/v1/oauth/token', { grant_type: DEVICE_GRANT, client_id: clientId, device_code: deviceCode });

export const refresh = (t: OauthServer, refreshToken: string, clientId = CLI): Promise<Reply> =>
  t.post('/api/v1/oauth/token', {
    grant_type: 'refresh_token',
    client_id: clientId,
    refresh_token: refreshToken,
  });
