/**
 * An identity provider that does nothing but respond: the ID tokens of the coming logins are signed before the clock starts
 * (`POST /prepare`), and its token endpoint sends them from memory. `GET /cpu`: microseconds that it has worked so far.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** A login that is to be redeemed with `code`; `nonce` is of its authorization request. */
export type PreparedLogin = { code: string; nonce: string; sub: string; email: string; name: string };

export const CLIENT_ID = 'tenantry';

type Endpoint = (request: IncomingMessage) => Promise<object>;

async function startProvider(): Promise<void> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'bench', alg: 'RS256', use: 'sig' };
  const responses = new Map<string, object>();
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const prepare = async ({ code, nonce, sub, ...claims }: PreparedLogin) => {
    const idToken = await new SignJWT({ ...claims, nonce, email_verified: true })
      .setProtectedHeader({ alg: 'RS256', kid: 'bench' })
      .setIssuer(issuer)
      .setAudience(CLIENT_ID)
      .setSubject(sub)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(privateKey);
    responses.set(code, { id_token: idToken, access_token: code, token_type: 'Bearer', expires_in: 3600 });
  };
  const endpoints: Record<string, Endpoint> = {
    '/.well-known/openid-configuration': () =>
      Promise.resolve({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        id_token_signing_alg_values_supported: ['RS256'],
      }),
    '/jwks': () => Promise.resolve({ keys: [jwk] }),
    '/prepare': async (request) => {
      responses.clear();
      await Promise.all((JSON.parse(await text(request)) as PreparedLogin[]).map(prepare));
      return {};
    },
    '/token': async (request) =>
      responses.get(new URLSearchParams(await text(request)).get('code') ?? '') ?? { error: 'invalid_grant' },
    '/cpu': () => Promise.resolve(process.cpuUsage()),
  };
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const body = (await endpoints[request.url!]?.(request)) ?? {};
    response.writeHead('error' in body ? 400 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  server.on('request', (request, response) => void respond(request, response));
  process.stdout.write(`listens on ${issuer}\n`);
}

if (import.meta.main) await startProvider();
