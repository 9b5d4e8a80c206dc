import { ScimError } from './scim.errors.js';

export type Token =
  | { kind: 'word'; text: string }
  | { kind: 'value'; value: string | number | boolean | null }
  | { kind: 'bracket'; text: '(' | ')' | '[' | ']' };

const BLANK = /\s+/y;
const BRACKET = /[()[\]]/y;
/** Control characters appear only escaped: `\P{Cc}` matches everything else. */
const JSON_TEXT = /"(?:(?!["\\])\P{Cc}|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const JSON_NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.$:-])/y;
/** An attribute path, an operator or a JSON literal (RFC 7644, figure 1), or `.value` after a `]`. */
const WORD = /[\w.$:-]+/y;
const LITERALS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** The words, brackets and JSON values of a filter or PATCH path. */
export function tokensOf(text: string, errorType: 'invalidFilter' | 'invalidPath'): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? null;
    if (found !== null) at += found.length;
    return found;
  };
  while (at < text.length) {
    if (match(BLANK) !== null) continue;
    const token = nextToken(match);
    if (!token)
      throw new ScimError(errorType, `Unexpected ${JSON.stringify(text[at])} at position ${at + 1}.`);
    tokens.push(token);
  }
  return tokens;
}

function nextToken(match: (pattern: RegExp) => string | null): Token | null {
  const bracket = match(BRACKET);
  if (bracket) return { kind: 'bracket', text: bracket as '(' };
  const json = match(JSON_TEXT) ?? match(JSON_NUMBER);
  if (json !== null) return { kind: 'value', value: JSON.parse(json) as string | number };
  const word = match(WORD);
  if (word === null) return null;
  const literal = word.toLowerCase(); // Entra ID writes True
  const value = LITERALS.get(literal);
  return value === undefined ? { kind: 'word', text: word } : { kind: 'value', value };
}
