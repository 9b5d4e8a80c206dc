import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { BadRequest } from '../errors/domain-error.js';

/** Proxies and servers could disagree on the host of such a request (RFC 9112, section 3.2). */
class AmbiguousHost extends BadRequest {
  readonly code = 'ambiguous_host';
  static readonly message =
    'The request does not name one host: send one valid Host header, and no other host in the request target.';
}

/** Path and query of a request target, also of one in absolute form (RFC 9112, section 3.2.2). */
export function originForm(target: string): string {
  const [, rest] = ABSOLUTE.exec(target) ?? [];
  if (rest === undefined) return target;
  return rest.startsWith('/') ? rest : `/${rest}`;
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
