import type { IncomingHttpHeaders } from 'node:http';

/**
 * The value of a cookie in a `Cookie` header; null if it is absent or occurs twice, since a neighbouring domain may
 * have set one of them. Only space and tab around a pair are no part of its name (RFC 6265, section 4.2.1): a browser
 * keeps the name `\xA0__Host-…` of another domain, since it has no protected prefix.
 */
export function cookieValue(header: string | undefined, name: string): string | null {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.replace(/^[ \t]+/, ''))
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  const [value = null, ...others] = values;
  return others.length === 0 ? value : null;
}

/** The settings of the server's own origin and of other origins. */
type Server = {
  /** Null if clients connect directly. */
  readonly publicUrl: string | null;
  readonly corsAllowedOrigins: '*' | readonly string[];
  readonly corsAllowedOriginsRegex: RegExp | null;
};

/**
 * Whether a request comes from a page that may use the session cookie: one of the server's own origin, or of an origin
 * that the operator listed. `*` does not count, it only allows reading with an API key
 * (docs/contract/http.md#cors-and-cookies).
 */
export function isFromTrustedOrigin(server: Server, { origin, host }: IncomingHttpHeaders): boolean {
  if (!origin) return false; // browsers send it with every unsafe method, also same-origin
  return origin === ownOrigin(server, host) || isListed(server, origin);
}

/** Without a configured public URL, clients connect directly over plain HTTP. */
const ownOrigin = ({ publicUrl }: Server, host: string | undefined): string | null =>
  publicUrl ? new URL(publicUrl).origin : host ? `http://${host}` : null;

/** As for CORS, the regular expression takes the place of the list. */
function isListed({ corsAllowedOrigins, corsAllowedOriginsRegex }: Server, origin: string): boolean {
  if (corsAllowedOriginsRegex) return corsAllowedOriginsRegex.test(origin);
  return corsAllowedOrigins !== '*' && corsAllowedOrigins.includes(origin);
}
