import { addressIn, isOwnAddress, scopeOf } from '../http/network-scope.js';

/** What the operator lets organizations use besides https and public addresses. */
export type Exceptions = {
  /** Whether the exception is for this address. Not called for addresses that are always refused. */
  readonly isFor: (address: string) => boolean;
  /** Whether these addresses may be requested without TLS. */
  readonly withoutTls: boolean;
  /** The setting that admins may ask the operator for. */
  readonly setting: string;
};

/** The message and type of a problem of a field. */
export type AddressFlaw = { readonly msg: string; readonly type: string };

/** Excludes what URL parsers treat differently: backslashes, and the tabs and line breaks that `URL` removes. */
const UNAMBIGUOUS = /^[^\s\\\p{C}]+$/u;

const INVALID_URL = { msg: 'Input should be a valid URL', type: 'url_parsing' };
const NOT_HTTPS = { msg: "URL scheme should be 'https'", type: 'url_scheme' };
const CREDENTIALS = { msg: 'URL should not contain a user name or password', type: 'value_error' };
const LOCAL = { msg: 'URL should not point to a loopback or link-local address', type: 'value_error' };
const OWN = { msg: 'URL should not point to the server itself', type: 'value_error' };
const privateFlaw = (setting: string) => ({
  msg:
    'URL should not point to a private network; ' +
    `the operator of this installation can allow that: ${setting}`,
  type: 'value_error',
});

/** For audit entries, mails and readers who are no admins: path and query of such an address may hold secrets. */
export const hostOf = (address: string): string => new URL(address).host;
export const originOf = (address: string): string => new URL(address).origin;

/**
 * Why an address of an organization is not accepted; null if it is. Names are not looked up: their addresses can change
 * at any time, and the response would show which names a private DNS has.
 */
export function urlFlaw(text: string, exceptions: Exceptions): AddressFlaw | null {
  const url = UNAMBIGUOUS.test(text) ? URL.parse(text) : null;
  if (!url) return INVALID_URL;
  const scheme = exceptions.withoutTls ? /^https?:\/\//i : /^https:\/\//i;
  if (!scheme.test(text)) return NOT_HTTPS;
  if (url.username || url.password) return CREDENTIALS;
  const address = addressIn(url);
  return address === null ? null : addressFlaw(url, address, exceptions);
}

/** Why a URL whose host has this address may not be requested; null if it may. */
export function addressFlaw(url: URL, address: string, exceptions: Exceptions): AddressFlaw | null {
  if (isOwnAddress(address)) return OWN;
  const scope = scopeOf(address);
  if (scope === 'reserved') return LOCAL;
  if (exceptions.isFor(address)) return null;
  if (scope === 'loopback') return LOCAL;
  if (scope === 'private') return privateFlaw(exceptions.setting);
  return url.protocol === 'https:' ? null : NOT_HTTPS;
}
