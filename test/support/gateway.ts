import { createServer, request as forward, type Server } from 'node:http';
import { listen } from './tls.js';

/** The base path that the gateways of the tests serve. */
export const BASE = '/langsmith';

/** A proxy in front of the server: from the method and path below `BASE` to the path that the server sees; null: not served. */
export type Gateway = (method: string, path: string) => string | null;

/** Leaves the base path, as a plain Ingress, HTTPRoute or VirtualService does. */
export const KEEPING: Gateway = (_method, path) => `${BASE}${path}`;

/** The locations of the nginx in the front end of the LangSmith chart: the pattern, and the path for the server. */
const LOCATIONS: readonly (readonly [RegExp, string])[] = [
  [/^(\/api\/(?:docs|redoc|openapi\.json).*)$/, `${BASE}$1`],
  [/^\/api\/v1\/platform\/(.*)$/, '/v1/platform/$1'],
  [/^\/api\/v1\/oauth\/(.*)$/, '/oauth/$1'],
  [/^\/api\/v1\/auth(.*)$/, '/auth$1'],
  [/^\/api\/v1\/info(\?.*)?$/, '/info$1'],
  [/^\/api\/v1\/me((?:[/?].*)?)$/, '/me$1'],
  [/^\/api\/(info|me)(\?.*)?$/, '/$1$2'],
  [/^(\/scim\/.*)$/, '$1'],
  [/^\/api\/oauth\/(.*)$/, '/oauth/$1'],
  [/^(\/api\/v1\/.*)$/, '$1'],
  [/^\/api\/(.*)$/, '/api/v1/$1'],
];

/** Strips the base path and part of the prefix. */
export const NGINX_OF_CHART: Gateway = (method, path) => {
  if (path === '/oauth-callback' && method === 'POST') return '/oauth/custom-oidc/callback';
  const [pattern, target] = LOCATIONS.find(([each]) => each.test(path)) ?? [];
  return pattern && target !== undefined ? path.replace(pattern, target) : null;
};

/** Runs a gateway in front of the server at `target`, which may start later. The server sees another `Host`. */
export async function startGateway(
  gateway: Gateway,
  target: string,
): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const { method = 'GET', url = '/', headers } = request;
    const path = url.startsWith(`${BASE}/`) ? gateway(method, url.slice(BASE.length)) : null;
    if (path === null) return void response.writeHead(404).end('static files');
    const upstream = forward(`${target}${path}`, {
      method,
      headers: { ...headers, host: 'tenantry.internal:1984' },
    });
    upstream.on('response', (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
    });
    request.pipe(upstream).on('error', () => response.destroy());
  });
  return { url: `http://127.0.0.1:${await listen(server)}${BASE}`, server };
}
