import type { IncomingHttpHeaders } from 'node:http';
import type { Config } from '../../config/config.js';

type Server = Pick<Config['server'], 'publicUrl' | 'corsAllowedOrigins' | 'corsAllowedOriginsRegex'>;

/**
 * Whether a request comes from a page that may act with the person's cookie: one of our own origin, or one that the
 * operator listed. `*` lists nobody: it lets everybody's pages read with a key of their own, no more
 * (contract decision 47).
 */
export function isFromTrustedOrigin(server: Server, { origin, host }: IncomingHttpHeaders): boolean {
  if (!origin) return false; // browsers send it with every unsafe method, also to their own origin
  return origin === ownOrigin(server, host) || isListed(server, origin);
}

/** Without a public address we are reached directly, and speak plain HTTP. */
const ownOrigin = ({ publicUrl }: Server, host: string | undefined): string | null =>
  publicUrl ? new URL(publicUrl).origin : host ? `http://${host}` : null;

/** As for CORS, the expression takes the place of the list. */
function isListed({ corsAllowedOrigins, corsAllowedOriginsRegex }: Server, origin: string): boolean {
  if (corsAllowedOriginsRegex) return corsAllowedOriginsRegex.test(origin);
  return corsAllowedOrigins !== '*' && corsAllowedOrigins.includes(origin);
}
