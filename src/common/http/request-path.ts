import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { BadRequest } from '../errors/domain-error.js';

/** Proxies and servers could disagree on the host of such a request (RFC 9112, section 3.2). */
class AmbiguousHost extends BadRequest {
  static readonly message =
    'The request does not name one host: send one valid Host header, and no other host in the request target.';
}

/** Path and query of a request target, also of one in absolute form (RFC 9112, section 3.2.2). */
export function originForm(target: string): string {
  const [, pathAndQuery] = ABSOLUTE.exec(target) ?? [];
  if (pathAndQuery === undefined) return target;
  return pathAndQuery.startsWith('/') ? pathAndQuery : `/${pathAndQuery}`;
}

/** @throws AmbiguousHost for a request with several `Host` headers, an invalid one, or another host in its target */
export function requireOneHost(request: FastifyRequest): void {
  if (!namesOneHost(request)) throw new AmbiguousHost();
}

function namesOneHost({ originalUrl, raw }: FastifyRequest): boolean {
  const hosts = hostHeaders(raw);
  if (hosts.length > 1 || !hosts.every((host) => AUTHORITY.test(host))) return false;
  const [scheme] = SCHEME.exec(originalUrl) ?? [];
  if (scheme === undefined) return true;
  const target = ABSOLUTE.test(originalUrl) ? URL.parse(originalUrl) : null;
  if (!target || target.username || target.password) return false;
  return hosts.length === 0 || URL.parse(`${scheme}${hosts[0]}`)?.host === target.host;
}

/** All `Host` headers; in `headers`, Node keeps only the first. */
function hostHeaders({ rawHeaders }: IncomingMessage): string[] {
  const hosts: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = [rawHeaders[at], rawHeaders[at + 1]];
    if (name.length === 4 && name.toLowerCase() === 'host') hosts.push(value);
  }
  return hosts;
}

const SCHEME = /^[a-z][a-z\d+.-]*:\/\//i;
const ABSOLUTE = /^https?:\/\/[^/?#]+(.*)$/is;

/** `uri-host [ ":" port ]` of RFC 9110, section 7.2; it may be empty. */
const AUTHORITY = /^(?:[\w.~!$&'()*+,;=%-]*|\[[\da-f:.]+\])(?::\d*)?$/i;

/** The first segments of the server's own paths: a base path that begins with one of them is ambiguous. */
const OWN_SEGMENTS: ReadonlySet<string> = new Set(
  (
    'api v1 access .well-known scim auth oauth oauth-callback sso signed-out info me settings workspaces docs openapi.json console ' +
    'health ok livez readyz startupz healthz metrics'
  ).split(' '),
);

/** The path of the public URL, without a slash at the end; empty at the root. */
export const basePathOf = (publicUrl: string | null): string =>
  publicUrl ? new URL(publicUrl).pathname.replace(/\/$/, '') : '';

/**
 * Removes the base path from a request target, which an ingress leaves there and another proxy has removed already. One
 * that could be a path of our own stays: then the proxy must remove it (docs/contract/http.md#base-path).
 */
export function withoutBasePath(target: string, basePath: string): string {
  if (basePath === '' || !target.startsWith(basePath) || isAmbiguous(basePath)) return target;
  const pathAndQuery = target.slice(basePath.length);
  if (pathAndQuery.startsWith('/')) return pathAndQuery;
  return pathAndQuery === '' || pathAndQuery.startsWith('?') ? `/${pathAndQuery}` : target;
}

const isAmbiguous = (basePath: string): boolean => OWN_SEGMENTS.has(basePath.split('/', 2)[1] ?? '');

/**
 * Resolves the aliases of the published gateway before routing (docs/contract/http.md#routes-and-aliases), and repeated
 * slashes after the base URL of SCIM. The query is unchanged.
 */
export function canonicalPath(url: string): string {
  return url
    .replace(/^\/api\/redoc(?=[/?]|$)/, '/docs')
    .replace(/^\/api\/(?=(?:docs|openapi\.json)(?:[/?]|$))/, '/')
    .replace(/^(?=\/(?:info|me|settings|userinfo|workspaces)(?:[/?]|$)|\/oauth\/)/, '/api/v1')
    .replace(/^\/api\/(?!v1(?:[/?]|$))/, '/api/v1/')
    .replace(/^\/api\/v1\/platform\//, '/v1/platform/')
    .replace(/^\/api\/v1\/auth(?=[/?]|$)/, '/auth')
    .replace(/^\/scim\/v2\/{2,}/, '/scim/v2/');
}
