import type { IncomingHttpHeaders } from 'node:http';

/** What the operator has said about the server's own origin and about other origins. */
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
