/**
 * Ory Polis as an OpenID provider: `node bridge.mjs '{"port", "audience", "metadata", "redirectUrl"}'`. Its own service
 * is a Next.js application around this library, with the same addresses. Prints the client, then each ID token.
 */
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { controllers } from '@boxyhq/saml-jackson';

const { port, audience, metadata, redirectUrl } = JSON.parse(process.argv[2]);
const externalUrl = `http://127.0.0.1:${port}`;
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const base64 = (value) => Buffer.from(value).toString('base64');
const { connectionAPIController, oauthController, oidcDiscoveryController } = await controllers({
  externalUrl,
  samlPath: '/api/oauth/saml',
  samlAudience: audience,
  db: { engine: 'mem' },
  openid: {
    jwtSigningKeys: { private: base64(privateKey), public: base64(publicKey) },
    redirectExactMatch: true,
  },
  flattenRawClaims: true,
  noAnalytics: true,
  logger: { info: console.error, warn: console.error, error: console.error },
});
const { clientID, clientSecret } = await connectionAPIController.createSAMLConnection({
  tenant: 'example.com',
  product: 'tenantry',
  rawMetadata: await (await fetch(metadata)).text(),
  defaultRedirectUrl: redirectUrl,
  redirectUrl: [redirectUrl],
  identifierFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
});

const ROUTES = {
  'GET /.well-known/openid-configuration': () => oidcDiscoveryController.openidConfig(),
  'GET /oauth/jwks': () => oidcDiscoveryController.jwks(),
  'GET /api/oauth/authorize': ({ query }) => oauthController.authorize(query),
  'POST /api/oauth/saml': ({ body }) => oauthController.samlResponse(body),
  'POST /api/oauth/token': async ({ body, authorization }) => {
    const response = await oauthController.token(body, authorization);
    console.log(JSON.stringify(response));
    return response;
  },
  'GET /api/oauth/userinfo': ({ authorization }) => oauthController.userInfo(authorization.split(' ')[1]),
};

createServer((request, response) => {
  respond(request).then(
    ({ redirect_url: location, ...body }) =>
      location
        ? response.writeHead(302, { location }).end()
        : response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    (error) => response.writeHead(error.statusCode ?? 500).end(JSON.stringify({ error: error.message })),
  );
}).listen(port, '127.0.0.1', () => console.log(JSON.stringify({ clientID, clientSecret })));

async function respond(request) {
  const { pathname, searchParams } = new URL(request.url, externalUrl);
  const route = ROUTES[`${request.method} ${pathname}`];
  if (!route) throw Object.assign(new Error('not found'), { statusCode: 404 });
  const { authorization } = request.headers;
  const body = Object.fromEntries(new URLSearchParams(await text(request)));
  return route({ query: Object.fromEntries(searchParams), body, authorization });
}
