import { isIP } from 'node:net';
import { canonicalEmail, canonicalEmailOrNull } from '../common/email/canonical-email.js';
import { InvalidEmail } from '../common/email/canonical-email.errors.js';
import { isSafeTransport } from '../common/http/safe-transport.js';
import type { LogLevel } from '../common/logging/server-log.js';
import type { Mailbox } from '../common/mail/mailer.js';
import { InvalidVariable } from './environment.errors.js';

/**
 * Parses the text of a variable.
 *
 * @throws InvalidVariable
 */
export type VariableReader<Value> = (text: string) => Value;

/** From the most to the least talkative one. */

export const text: VariableReader<string> = (value) => value;

/** Decimal digits only: `1e3`, `0x10`, `10.0` and ` 10` are refused as likely typing errors. */
export const integer: VariableReader<number> = (value) => {
  if (!/^-?\d+$/.test(value) || !Number.isSafeInteger(Number(value))) {
    throw new InvalidVariable('must be a whole number in decimal digits');
  }
  return Number(value);
};

const BOOLEANS = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

export const boolean: VariableReader<boolean> = (value) => {
  const read = BOOLEANS.get(value.toLowerCase());
  if (read === undefined) throw new InvalidVariable('must be true, false, 1 or 0');
  return read;
};

export const email: VariableReader<string> = (value) => {
  try {
    return canonicalEmail(value);
  } catch (error) {
    if (error instanceof InvalidEmail)
      throw new InvalidVariable(`the e-mail address ${error.reason}`, { cause: error });
    throw error;
  }
};

/** An absolute http(s) URL, normalized, without repeated slashes and a slash at its end. */
export const publicUrl: VariableReader<string> = (value) => {
  const url = httpUrl(value);
  if (!url || url.username || url.password || url.search || url.hash) {
    throw new InvalidVariable('must be an absolute http or https URL without credentials, query or fragment');
  }
  return `${url.origin}${url.pathname.replace(/\/{2,}/g, '/').replace(/\/$/, '')}`;
};

/** `*`, or a comma-separated list of origins as browsers send them in `Origin`. */
export const origins: VariableReader<'*' | readonly string[]> = (value) =>
  value.trim() === '*' ? '*' : value.split(',').map((entry) => origin(entry.trim()));

function origin(value: string): string {
  const url = httpUrl(value);
  if (!url || url.href !== `${url.origin}/`) {
    throw new InvalidVariable(
      'must be * or origins (http or https, host, port; no path) separated by commas',
    );
  }
  return url.origin;
}

/** Comma-separated addresses and networks (`10.0.0.0/8`, `::1`). */
export const networks: VariableReader<readonly string[]> = (value) =>
  value.split(',').map((entry) => network(entry.trim()));

/** The longest prefix of a network, by IP version. */
const PREFIX_LENGTHS: ReadonlyMap<number, number> = new Map([
  [4, 32],
  [6, 128],
]);

function network(value: string): string {
  const [address = '', length, ...more] = value.split('/');
  const maxLength = PREFIX_LENGTHS.get(isIP(address)) ?? -1;
  const isValid = length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= maxLength);
  if (maxLength < 0 || !isValid || more.length > 0) {
    throw new InvalidVariable('must be IP addresses or networks (10.0.0.0/8) separated by commas');
  }
  return value;
}

/** Requires the two slashes, since the URL parser accepts `https:host` as well. */
function httpUrl(value: string): URL | null {
  return /^https?:\/\//i.test(value) ? URL.parse(value) : null;
}

/** Matches whole origins: unanchored, `https://.*\.example\.com` would allow `https://a.example.com.evil.test`. */
export const anchoredPattern: VariableReader<RegExp> = (value) => {
  try {
    RegExp(value); // throws if valid only inside of the anchors below
    return new RegExp(`^(?:${value})$`);
  } catch (error) {
    throw new InvalidVariable('must be a regular expression', { cause: error });
  }
};

/** An issuer, or the URL of its discovery document. Provider endpoints need TLS, except on this machine. */
export const issuerUrl: VariableReader<string> = (value) => {
  const url = httpUrl(value);
  if (!url || url.username || url.password || url.hash) {
    throw new InvalidVariable('must be an absolute URL without credentials or fragment');
  }
  if (!isSafeTransport(url)) throw new InvalidVariable('must be https, unless the host is this machine');
  return value;
};

/** A forward proxy for https requests; may hold credentials. */
export const proxyUrl: VariableReader<string> = (value) => {
  const url = httpUrl(value);
  if (!url || url.pathname !== '/' || url.search || url.hash) {
    throw new InvalidVariable('must be a URL: http://user:password@proxy.example.com:3128');
  }
  return value;
};

/** Separated by commas or spaces; each is a `scope-token` of RFC 6749, section 3.3. */
export const scopes: VariableReader<readonly string[]> = (value) => {
  const tokens = value.trim().split(/\s*,\s*|\s+/);
  if (!tokens.every((scope) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope))) {
    throw new InvalidVariable('must be scopes separated by commas or spaces');
  }
  if (!tokens.includes('openid')) throw new InvalidVariable('must contain openid');
  return tokens;
};

/** Set by the protocol itself (docs/contract/sign-in.md#authorization-parameters). */
const RESERVED_PARAMETERS = [
  'response_type',
  'client_id',
  'redirect_uri',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
];

/** JSON: `{"prompt": "consent"}`. */
export const authorizationParameters: VariableReader<Readonly<Record<string, string>>> = (value) => {
  const parameters = textsByName(value);
  if (parameters === null) {
    throw new InvalidVariable('must be a JSON object of texts: {"prompt": "consent"}');
  }
  const reserved = Object.keys(parameters).filter((name) => RESERVED_PARAMETERS.includes(name));
  if (reserved.length > 0) throw new InvalidVariable(`may not set ${reserved.join(', ')}`);
  return parameters;
};

/** JSON: `{"https://idp.example.com": "employee_id"}` (docs/contract/sign-in.md#subject-claim). */
export const claimPerIssuer: VariableReader<Readonly<Record<string, string>>> = (value) => {
  const claims = textsByName(value);
  if (claims === null) {
    throw new InvalidVariable(
      'must be a JSON object of issuers and claim names: {"https://idp.example.com": "oid"}',
    );
  }
  return claims;
};

/** JSON: `{"0b5f2c1e-…": "Organization Admins"}` (docs/contract/sign-in.md#group-claim). */
export const groupNames: VariableReader<Readonly<Record<string, string>>> = (value) => {
  const names = textsByName(value);
  if (names === null) {
    throw new InvalidVariable(
      'must be a JSON object of ids and group names: {"0b5f": "Organization Admins"}',
    );
  }
  return names;
};

/** Comma-separated; in the form that `canonicalEmail` gives to the domain of an address. */
export const emailDomains: VariableReader<readonly string[]> = (value) => value.split(',').map(emailDomain);

function emailDomain(domain: string): string {
  const [, canonical] = canonicalEmailOrNull(`someone@${domain.trim()}`)?.split('@') ?? [];
  if (!canonical?.includes('.'))
    throw new InvalidVariable('must be domains separated by commas: example.com');
  return canonical;
}

/** Null unless the text is a JSON object whose names and values are texts, none of them blank. */
function textsByName(json: string): Record<string, string> | null {
  const value = parsed(json);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const isText = (part: unknown) => typeof part === 'string' && part.trim() !== '';
  return Object.entries(value).flat().every(isText) ? (value as Record<string, string>) : null;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null; // the message of the parser quotes the text
  }
}

const LOG_LEVELS = new Map<string, LogLevel>([
  ['trace', 'trace'],
  ['debug', 'debug'],
  ['info', 'info'],
  ['warn', 'warn'],
  ['warning', 'warn'],
  ['error', 'error'],
  ['critical', 'fatal'],
  ['fatal', 'fatal'],
]);

/** The words of Python, which the chart writes, or those of pino. */
export const logLevel: VariableReader<LogLevel> = (value) => {
  const level = LOG_LEVELS.get(value.toLowerCase());
  if (level === undefined) throw new InvalidVariable(`must be one of ${[...LOG_LEVELS.keys()].join(', ')}`);
  return level;
};

/** Encrypted from the start (smtps), or with STARTTLS if the server offers it (smtp). */
export const smtpUrl: VariableReader<string> = (value) => {
  if (!/^smtps?:\/\//.test(value) || !URL.parse(value)?.hostname) {
    throw new InvalidVariable('must be a URL: smtp://user:password@host:port or smtps://…');
  }
  return value;
};

const NAMED = /^(?<name>[^<>\p{C}]*)<(?<address>[^<>]+)>$/u;

export const mailbox: VariableReader<Mailbox> = (value) => {
  const { name = '', address = value } = NAMED.exec(value.trim())?.groups ?? {};
  return { name: name.trim().replace(/^"(.*)"$/, '$1'), address: email(address) };
};

/** As a mail client loads it. */
export const httpsUrl: VariableReader<string> = (value) => {
  const url = URL.parse(value);
  if (url?.protocol !== 'https:' || url.username || url.password)
    throw new InvalidVariable('must be an https URL without credentials');
  return url.href;
};

export const color: VariableReader<string> = (value) => {
  if (!/^#[0-9a-f]{6}$/i.test(value)) throw new InvalidVariable('must be a color such as #1c5d50');
  return value.toLowerCase();
};
