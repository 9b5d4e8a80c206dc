import { accessSync, constants, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { canonicalEmail, InvalidEmail } from '../common/canonical-email.js';
import { MAX_NAME_LENGTH } from '../common/http/operations/fields.decorator.js';
import { flagOf, INVISIBLE } from '../common/http/operations/value-checks.js';
import { isJsonObject, parsedJson } from '../common/json.js';
import type { LogLevel } from '../common/logging/server-log.js';
import { passwordProblems } from '../common/secrets/password-rule.js';
import { InvalidVariable } from './environment.errors.js';

/**
 * The value that the text of a variable means.
 *
 * @throws InvalidVariable
 */
export type Parser<Value> = (text: string) => Value;

/** The largest value of a database column of type integer. */
const MAX_INTEGER = 2_147_483_647;

export const text: Parser<string> = (value) => value;

export const matching =
  (pattern: RegExp, message: string): Parser<string> =>
  (value) => {
    if (!pattern.test(value)) throw new InvalidVariable(message);
    return value;
  };

export const notBlank = matching(/\S/, 'must not be blank');

export const oneOf =
  <Value extends string>(values: readonly Value[], message: string): Parser<Value> =>
  (given) => {
    const value = values.find((each) => each === given);
    if (value === undefined) throw new InvalidVariable(message);
    return value;
  };

/** Decimal digits only: `1e3`, `0x10`, `10.0` and ` 10` are refused as likely typing errors. */
export const integer =
  (min: number, max = MAX_INTEGER, range = `must be a whole number from ${min} to ${max}`): Parser<number> =>
  (value) => {
    const number = Number(value);
    if (!/^-?\d+$/.test(value) || !Number.isSafeInteger(number))
      throw new InvalidVariable('must be a whole number in decimal digits');
    if (number < min || number > max) throw new InvalidVariable(range);
    return number;
  };

/** -1 means no limit; 0 would refuse an organization's first admin and first workspace. */
export const limit: Parser<number> = (value) => {
  const message = `must be -1 (no limit) or a whole number from 1 to ${MAX_INTEGER}`;
  const number = integer(-1, MAX_INTEGER, message)(value);
  if (number === 0) throw new InvalidVariable(message);
  return number;
};

export const boolean: Parser<boolean> = (value) => {
  const flag = flagOf(value);
  if (flag === undefined) throw new InvalidVariable('must be true, false, 1 or 0');
  return flag;
};

const onOrOff = oneOf(['on', 'off'], 'must be on or off');
export const isOn: Parser<boolean> = (value) => onOrOff(value) === 'on';

export const email: Parser<string> = (value) => {
  try {
    return canonicalEmail(value);
  } catch (error) {
    if (error instanceof InvalidEmail)
      throw new InvalidVariable(`the e-mail address ${error.reason}`, { cause: error });
    throw error;
  }
};

export const newPassword: Parser<string> = (value) => {
  const problems = passwordProblems(value);
  if (problems.length > 0) throw new InvalidVariable(problems.join(' '));
  return value;
};

/** Something to see, and nothing that is `INVISIBLE`. */
const VISIBLE = new RegExp(`^(?=.*\\S)(?:(?!${INVISIBLE.source}).)+$`, 'u');

/** At most 255 characters; `message` is for invisible ones. */
export const visibleName =
  (message: string): Parser<string> =>
  (value) => {
    if (value.length > MAX_NAME_LENGTH)
      throw new InvalidVariable(`must have at most ${MAX_NAME_LENGTH} characters`);
    return matching(VISIBLE, message)(value);
  };

/** An absolute http(s) URL, normalized, without repeated slashes and a slash at its end. */
export const publicUrl: Parser<string> = (value) => {
  const url = httpUrl(value);
  if (!url || url.username || url.password || url.search || url.hash) {
    throw new InvalidVariable('must be an absolute http or https URL without credentials, query or fragment');
  }
  return `${url.origin}${url.pathname.replace(/\/{2,}/g, '/').replace(/\/$/, '')}`;
};

/** `*`, or a comma-separated list of origins as browsers send them in `Origin`. */
export const origins: Parser<'*' | readonly string[]> = (value) =>
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

/** Comma-separated addresses and networks (`10.0.0.0/8`, `::1`); may be empty. */
export const networks: Parser<readonly string[]> = (value) =>
  value === '' ? [] : value.split(',').map((entry) => network(entry.trim()));

function network(value: string): string {
  const [address = '', length, ...more] = value.split('/');
  const maxLength = { 4: 32, 6: 128 }[isIP(address)] ?? -1;
  const isValid = length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= maxLength);
  if (maxLength < 0 || !isValid || more.length > 0) {
    throw new InvalidVariable('must be IP addresses or networks (10.0.0.0/8) separated by commas');
  }
  return value;
}

/** Requires the two slashes, since the URL parser accepts `https:host` as well. */
export function httpUrl(value: string): URL | null {
  return /^https?:\/\//i.test(value) ? URL.parse(value) : null;
}

/** Matches whole origins: unanchored, `https://.*\.example\.com` would allow `https://a.example.com.evil.test`. */
export const anchoredPattern: Parser<RegExp> = (value) => {
  try {
    RegExp(value); // throws if valid only inside of the anchors below
    return new RegExp(`^(?:${value})$`);
  } catch (error) {
    throw new InvalidVariable('must be a regular expression', { cause: error });
  }
};

/** A forward proxy for https requests; may hold credentials. */
export const proxyUrl: Parser<string> = (value) => {
  const url = httpUrl(value);
  if (!url || url.pathname !== '/' || url.search || url.hash) {
    throw new InvalidVariable('must be a URL: http://user:password@proxy.example.com:3128');
  }
  return value;
};

/** A JSON object whose names and values are texts, none of them blank. */
export const textsByName =
  (what: string, example: string): Parser<Readonly<Record<string, string>>> =>
  (json) => {
    const value = parsedJson(json);
    const isText = (part: unknown) => typeof part === 'string' && part.trim() !== '';
    if (!isJsonObject(value) || !Object.entries(value).flat().every(isText))
      throw new InvalidVariable(`must be a JSON object of ${what}: ${example}`);
    return value as Record<string, string>;
  };

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
export const logLevel: Parser<LogLevel> = (value) => {
  const level = LOG_LEVELS.get(value.toLowerCase());
  if (level === undefined) throw new InvalidVariable(`must be one of ${[...LOG_LEVELS.keys()].join(', ')}`);
  return level;
};

/** The path of a file that this process may read. */
export const readablePath: Parser<string> = (path) => {
  tryReading(() => accessSync(path, constants.R_OK));
  return path;
};

/** Parses what is in the file with this path, without the line break at its end that editors and `echo` add. */
export const contentOf =
  <Value>(parse: Parser<Value>): Parser<Value> =>
  (path) => {
    const content = tryReading(() => readFileSync(path, 'utf8')).replace(/\r?\n$/, '');
    if (content === '') throw new InvalidVariable('the file is empty'); // something else has yet to write it
    return parse(content);
  };

function tryReading<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new InvalidVariable(`the file cannot be read: ${code}`, { cause: error });
  }
}
