/** @takes-long */
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auth } from '@modelcontextprotocol/sdk/client/auth.js';
import { decodeProtectedHeader } from 'jose';
import * as client from 'openid-client';
import type { Client } from 'pg';
import { until } from '../support/audit-log.js';
import { Fixtures, type Member, type OrgWithAdmin } from '../support/fixtures.js';
import { freePort } from '../support/free-port.js';
import { McpClient } from '../support/mcp-client.js';
import {
  approveOnPage,
  CLI,
  exchangeDevice,
  newChallenge,
  oauthServerAt,
  type OauthServer,
  refresh,
  signDeviceIn,
} from '../support/oauth.js';
import { pg } from '../support/postgres-client.js';
import { ServerProcess } from '../support/server-process.js';
import { ADMIN, API_KEY_SALT, JWT_SECRET } from '../support/test-app.js';
import { cloneDatabase } from '../support/test-database.js';
import { CERTIFICATE_FILE, listen, tlsServer } from '../support/tls.js';

const CALLBACK = 'https://app.example.com/callback';
const POOL_SIZE = 6;

let server: ServerProcess;
let t: OauthServer;
let database: Client;
let org: OrgWithAdmin;
let member: Member;
const documents = tlsServer();
/** Accepts connections and says nothing. */
const silent: Server = createServer(() => undefined);
let documentsAt: string;
let silentAt: string;

/** What is in a document besides its own address, or another response. */
type Described = { metadata?: object; status?: number; type?: string; body?: string };
const described = new Map<string, Described>();
let requested: string[] = [];

beforeAll(async () => {
  documents.on('request', (request, response) => {
    const path = request.url!;
    requested.push(path);
    const {
      metadata,
      status = 200,
      type = 'application/json',
      body,
    } = described.get(path) ?? { status: 404 };
    const own = { client_id: documentsAt + path, client_name: 'Described', redirect_uris: [CALLBACK] };
    response.writeHead(status, { 'content-type': type, location: '/moved' });
    response.end(body ?? JSON.stringify({ ...own, token_endpoint_auth_method: 'none', ...metadata }));
  });
  documentsAt = `https://127.0.0.1:${await listen(documents)}`;
  silentAt = `https://127.0.0.1:${await listen(silent)}`;
  const [databaseUrl, port] = [await cloneDatabase(), await freePort()];
  database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  server = new ServerProcess({
    DATABASE_URL: databaseUrl,
    DATABASE_POOL_SIZE: String(POOL_SIZE),
    BASIC_AUTH_JWT_SECRET: JWT_SECRET,
    API_KEY_SALT,
    INITIAL_ORG_ADMIN_EMAIL: ADMIN.email,
    INITIAL_ORG_ADMIN_PASSWORD: ADMIN.password,
    AUTHORIZATION_SERVER_ENABLED: 'true',
    PORT: String(port),
    LANGSMITH_URL: `http://127.0.0.1:${port}`,
    LOG_LEVEL: 'debug',
    NODE_EXTRA_CA_CERTS: CERTIFICATE_FILE,
    OUTBOUND_ALLOWED_NETWORKS: '127.0.0.0/8',
    RATE_LIMIT_REQUESTS_PER_MINUTE: '0',
  });
  t = oauthServerAt(await server.ready());
  const sql: Fixtures['sql'] = async (text, values) => (await database.query(text, values)).rows;
  const fixtures = new Fixtures(t.api, sql, JWT_SECRET);
  org = await fixtures.orgWithAdmin();
  member = await fixtures.member(org, { workspace: 'WORKSPACE_USER' });
});
afterAll(async () => {
  server.kill('SIGKILL');
  await database.end();
  documents.closeAllConnections();
  documents.close();
  silent.close();
});

describe('an application with a metadata document', () => {
  it('is used by the MCP SDK without a registration', async () => {
    const app = new McpClient(`${documentsAt}/mcp.json`);
    described.set('/mcp.json', { metadata: app.clientMetadata });

    const started = await auth(app, { serverUrl: t.issuer });
    const redirected = await approveOnPage(t, member, org.orgId, app.address);
    const authorizationCode = redirected.searchParams.get('code')!;
    const finished = await auth(app, { serverUrl: t.issuer, authorizationCode });
    const refreshed = await auth(app, { serverUrl: t.issuer });

    expect([started, finished, refreshed]).toEqual(['REDIRECT', 'AUTHORIZED', 'AUTHORIZED']);
    expect(app.clientInformation()?.client_id).toBe(`${documentsAt}/mcp.json`);
    expect(requested).toEqual(['/mcp.json']); // kept for 300 seconds
  });

  it.each(['EdDSA', 'RS256'])('gets ID tokens of the algorithm that it names: %s', async (algorithm) => {
    const metadata = { id_token_signed_response_alg: algorithm };
    described.set(`/${algorithm}.json`, { metadata });
    const id = `${documentsAt}/${algorithm}.json`;
    const config = await client.discovery(new URL(t.issuer), id, metadata, client.None(), {
      execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
    });
    const { verifier, challenge } = newChallenge();
    const [state, nonce] = [client.randomState(), client.randomNonce()];
    const address = client.buildAuthorizationUrl(config, {
      redirect_uri: CALLBACK,
      scope: 'openid email',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...{ state, nonce },
    });

    const redirected = await approveOnPage(t, member, org.orgId, address);
    const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce };
    const tokens = await client.authorizationCodeGrant(config, redirected, checks);

    expect(decodeProtectedHeader(tokens.id_token!).alg).toBe(algorithm);
    expect(tokens.claims()).toMatchObject({ sub: member.userId, aud: id, email: member.email });
    expect(tokens.refresh_token).toMatch(/^tnt_rt_/); // also without grant_types in the document
  });

  it.each<[string, Described]>([
    ['HTML', { type: 'text/html', body: '<html></html>' }],
    ['a redirect', { status: 302 }],
    ['the id of another client', { metadata: { client_id: 'https://other.example/app' } }],
    ['no name', { metadata: { client_name: undefined } }],
    ['no redirect address', { metadata: { redirect_uris: [] } }],
    [
      'a redirect address that no client may have',
      { metadata: { redirect_uris: [CALLBACK, 'http://a.example'] } },
    ],
    ['a secret', { metadata: { client_secret: 'x' } }],
    ['a method with a shared secret', { metadata: { token_endpoint_auth_method: 'client_secret_post' } }],
    ['more than 5 KB', { metadata: { more: 'x'.repeat(5_200) } }],
  ])('is refused with %s', async (name, document) => {
    const path = `/${name.replaceAll(' ', '-')}`;
    described.set(path, document);
    const { challenge } = newChallenge();
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: documentsAt + path,
      redirect_uri: CALLBACK,
      code_challenge: challenge,
      code_challenge_method: 'S256',
    });

    const response = await fetch(`${t.issuer}/oauth/authorize?${query}`, { redirect: 'manual' });

    expect([response.status, await response.json()]).toMatchObject([400, { error: 'invalid_client' }]);
    expect(requested).toContain(path);
    expect(requested).not.toContain('/moved');
  });

  it('is waited for without a database connection, however it is named', async () => {
    const requests = Array.from({ length: 2 * POOL_SIZE }, (_, index) => {
      const id = `${silentAt}/${index}`;
      const basic = Buffer.from(`${encodeURIComponent(id)}:x`).toString('base64');
      return fetch(`${t.issuer}/oauth/token`, {
        method: 'POST',
        headers: index % 2 === 0 ? {} : { authorization: `Basic ${basic}` },
        body: new URLSearchParams({
          ...{ grant_type: 'refresh_token', refresh_token: 'x' },
          ...(index % 2 === 0 ? { client_id: id } : {}),
        }),
      });
    });
    const seen = { isAnswered: false, waiting: 0 };
    const answers = Promise.all(requests).finally(() => (seen.isAnswered = true));
    while (!seen.isAnswered) {
      const { rows } = await database.query<{ count: number }>(
        `select count(*)::int from pg_stat_activity where datname = current_database()
         and state like 'idle in transaction%' and state_change < clock_timestamp() - interval '2 seconds'`,
      );
      seen.waiting = Math.max(seen.waiting, rows[0]!.count);
    }

    for (const answer of await answers)
      expect(await answer.json()).toMatchObject({ error: 'invalid_client' });
    expect(seen.waiting).toBe(0);
  });
});

it('the server writes lines of its log only, without a code or token', async () => {
  const tokens = await signDeviceIn(t, member, org.orgId, {}, 'openid');
  const refreshed = await refresh(t, tokens.refresh_token);
  await refresh(t, tokens.refresh_token);
  await exchangeDevice(t, 'tnt_dc_unknown');
  await t.post('/api/v1/oauth/token', { grant_type: 'password', client_id: CLI });
  await t.post('/api/v1/oauth/revoke', { token: refreshed.body.refresh_token });
  await until(() => server.stdout.includes('/oauth/revoke'));
  await server.stop();

  const lines = server.stdout.split('\n').filter((line) => line !== '');
  expect(lines.length).toBeGreaterThan(20);
  for (const line of lines)
    expect(JSON.parse(line)).toMatchObject({ level: expect.anything(), msg: expect.any(String) });
  expect(server.stderr).toBe('');
  for (const { access_token: access, refresh_token: again } of [tokens, refreshed.body])
    for (const secret of [access, again]) expect(server.stdout).not.toContain(secret);
});
