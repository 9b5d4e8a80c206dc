import { isIP } from 'node:net';
import { addressIn } from '../../../common/http/network-scope.js';

/** `loopback`: a program on the machine of the browser. `native`: one that the operating system finds by its own scheme. */
export type RedirectKind = 'web' | 'loopback' | 'native';

const LONGEST_TEXT = 255;

/** Printable ASCII without backslashes, which URL parsers treat differently. */
const UNAMBIGUOUS = /^[!-[\]-~]+$/;
const SCHEME = /^([a-z][a-z\d+.-]*):/i;
const WITH_CREDENTIALS = /^[^:]+:\/*[^/?]*@/;
const WEB = /^https:\/\/[^/?]/;
const LOOPBACK = /^http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost)(?::\d+)?(?=[/?]|$)/;
/** Browsers run or show what follows them, or take them for `http`. */
const NEVER = /^(?:javascript|data|file|vbscript|blob|about|http.*)$/i;

/**
 * Why codes are not sent to this address; null if they may be. Own schemes may have no dot, unlike in RFC 8252, section
 * 7.1 (docs/contract/oauth.md#redirect-addresses).
 */
export function redirectFlaw(address: string): string | null {
  if (address.length > LONGEST_TEXT) return `URL should have at most ${LONGEST_TEXT} characters`;
  const [, scheme] = SCHEME.exec(address) ?? [];
  const url = UNAMBIGUOUS.test(address) ? URL.parse(address) : null;
  if (!url || scheme === undefined) return 'Input should be an absolute URL in ASCII';
  if (address.includes('#')) return 'URL should not have a fragment';
  if (WITH_CREDENTIALS.test(address)) return 'URL should not contain a user name or password';
  if (LOOPBACK.test(address)) return null;
  if (WEB.test(address)) return isAddress(url) ? 'URL should name a host, not an IP address' : null;
  return NEVER.test(scheme)
    ? 'URL should begin with https://, http://127.0.0.1, http://[::1], http://localhost, or a scheme of the application'
    : null;
}

/** Of an address without a flaw. */
export function kindOf(address: string): RedirectKind {
  if (!/^https?:/.test(address)) return 'native';
  return addressIn(new URL(address)) === null ? 'web' : 'loopback';
}

/** Exact, but for the port of loopback addresses, which the system gives to a program when it runs (RFC 8252, section 7.3). */
export const isAllowed = (registered: readonly string[], requested: string): boolean =>
  redirectFlaw(requested) === null &&
  registered.some((address) => withoutLoopbackPort(address) === withoutLoopbackPort(requested));

const withoutLoopbackPort = (address: string): string =>
  address.replace(LOOPBACK, (origin) => origin.replace(/:\d+$/, ''));

const isAddress = ({ hostname }: URL): boolean => hostname.startsWith('[') || isIP(hostname) !== 0;
