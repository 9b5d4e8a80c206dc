import type { Problem } from '../../common/errors/domain-error.js';

/** By lower-cased name. Those of HTTP itself, of the body, and of this server. */
const RESERVED: ReadonlySet<string> = new Set([
  'connection',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const RESERVED_BEGINNING = /^(?:content-|proxy-|tenantry-|webhook-)/;

const MOST_HEADERS = 5;
const LONGEST_VALUE = 4096;
/** A token of RFC 9110, section 5.6.2. */
const NAME = /^[!#$%&'*+.^`|~\w-]{1,100}$/;
const VALUE = /^[\x20-\x7e]+$/;

/** Why the headers of a log stream are not accepted, one for each header. */
export function headerProblems(headers: Readonly<Record<string, unknown>>): Problem[] {
  const names = Object.keys(headers);
  if (names.length > MOST_HEADERS) return [problem([], `There should be at most ${MOST_HEADERS} headers`)];
  const lowerCased = names.map((name) => name.toLowerCase());
  return names.flatMap((name, index) => {
    const flaw =
      lowerCased.indexOf(name.toLowerCase()) < index
        ? 'Header names should be different, in whichever case'
        : (nameFlaw(name.toLowerCase()) ?? valueFlaw(headers[name]));
    return flaw === null ? [] : [problem([name], flaw)];
  });
}

function nameFlaw(name: string): string | null {
  if (!NAME.test(name)) return 'Input should be the name of a request header';
  return RESERVED.has(name) || RESERVED_BEGINNING.test(name) ? 'This header cannot be chosen' : null;
}

function valueFlaw(value: unknown): string | null {
  if (typeof value !== 'string') return 'Input should be a valid string';
  if (value.length > LONGEST_VALUE) return `String should have at most ${LONGEST_VALUE} characters`;
  if (!VALUE.test(value) || value !== value.trim())
    return 'Input should be visible ASCII characters, with spaces only in between';
  return null;
}

const problem = (path: string[], msg: string): Problem => ({
  loc: ['body', 'headers', ...path],
  msg,
  type: 'value_error',
});
