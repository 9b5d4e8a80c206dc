import { InvalidVariable } from './environment.errors.js';
import type { VariableReader } from './variable-readers.js';

const SCHEME = /^postgres(?:ql)?:\/\//;

const OTHER_SCHEME = /^[a-z][a-z\d+.-]*:\/\//i;

/** Host, port, database and parameters; the host is an address, a name, or the escaped folder of a socket. */
const TARGET = String.raw`(?:\[[\da-f:.]+\]|[\w.%-]*)(?::\d+)?(?:\/[^/?#@]*)?(?:\?(?:[a-z_]+=[^#]*)?)?`;

/** With user and password escaped, the last `@` before the first of `/ ? #` ends them. */
const ESCAPED = new RegExp(`^(?<credentials>[^/?#]*)@(?<target>${TARGET})$`, 'i');

const WITHOUT_CREDENTIALS = new RegExp(`^(?<target>${TARGET})$`, 'i');

/**
 * A URL, or what the chart writes: without scheme, and with user and password as the operator typed them
 * (docs/contract/installation.md#database). Returns the URL with both escaped.
 */
export const postgresUrl: VariableReader<string> = (value) => {
  const [scheme] = SCHEME.exec(value) ?? [];
  const parts = scheme === undefined ? partsWithoutScheme(value) : partsOf(value.slice(scheme.length));
  const { credentials, target = '' } = parts ?? {};
  const url = `${scheme ?? 'postgres://'}${credentials === undefined ? '' : `${escaped(credentials)}@`}${target}`;
  if (target === '' || !URL.canParse(url) || !isDecodable(target)) {
    throw new InvalidVariable('must be a URL: postgres://user:password@host:port/database');
  }
  return url;
};

type Parts = { credentials?: string; target?: string } | undefined;

const partsOf = (text: string): Parts =>
  (ESCAPED.exec(text) ?? WITHOUT_CREDENTIALS.exec(text))?.groups ?? unescapedParts(text);

const partsWithoutScheme = (text: string): Parts =>
  OTHER_SCHEME.test(text) ? undefined : (ESCAPED.exec(text)?.groups ?? unescapedParts(text));

/** Otherwise the last `@` that leaves a host ends them. */
function unescapedParts(text: string): Parts {
  for (let at = text.length; at > 0;) {
    at = text.lastIndexOf('@', at - 1);
    const target = text.slice(at + 1);
    if (at >= 0 && WITHOUT_CREDENTIALS.test(target)) return { credentials: text.slice(0, at), target };
  }
  return undefined;
}

/** The password begins after the first colon, and may hold more of them. */
function escaped(credentials: string): string {
  const [user = '', ...password] = credentials.split(':');
  return [user, ...(password.length > 0 ? [password.join(':')] : [])]
    .map((part) => encodeURIComponent(unescapeWhereValid(part)))
    .join(':');
}

/** `%` that begins no escaped character is a percent sign. */
function unescapeWhereValid(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (escapes) => decodedOrNull(escapes) ?? escapes);
}

const isDecodable = (text: string): boolean => decodedOrNull(text) !== null;

function decodedOrNull(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
