import { type AttributePath, parseAttributePath } from './attribute.js';
import { ScimError } from './scim.errors.js';

const OPERATORS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const;
export type Operator = (typeof OPERATORS)[number];
export type FilterValue = string | number | boolean | null;

export type FilterLeaf =
  | { kind: 'compare'; path: AttributePath; operator: Operator; value: FilterValue }
  | { kind: 'present'; path: AttributePath }
  /** `emails[type eq "work"]`: paths inside are relative to one value of the list. */
  | { kind: 'some'; path: AttributePath; filter: Filter };

export type Filter =
  | FilterLeaf
  | { kind: 'and'; left: Filter; right: Filter }
  | { kind: 'or'; left: Filter; right: Filter }
  | { kind: 'not'; filter: Filter };

export function leavesOf(filter: Filter): FilterLeaf[] {
  if (filter.kind === 'and' || filter.kind === 'or')
    return [...leavesOf(filter.left), ...leavesOf(filter.right)];
  return filter.kind === 'not' ? leavesOf(filter.filter) : [filter];
}

const MAX_LENGTH = 10_000; // characters
const MAX_DEPTH = 50; // nested brackets; the parser is recursive

/** RFC 7644, section 3.4.2.2; precedence: not, and, or. @throws ScimError invalidFilter */
export function parseFilter(text: string): Filter {
  if (text.length > MAX_LENGTH) throw new ScimError('invalidFilter', 'The filter is too long.');
  const parser = new FilterParser(text, 'invalidFilter');
  const filter = parser.expression();
  parser.end();
  return filter;
}

/** Reads one token after the other, for filters and for the filter inside a PATCH path. */
export class FilterParser {
  private readonly tokens: readonly Token[];
  private at = 0;
  private depth = 0;

  constructor(
    text: string,
    private readonly errorType: 'invalidFilter' | 'invalidPath',
  ) {
    this.tokens = tokensOf(text, errorType);
  }

  expression(): Filter {
    let left = this.conjunction();
    while (this.consumeKeyword('or')) left = { kind: 'or', left, right: this.conjunction() };
    return left;
  }

  /** The attribute path at the current token. @throws ScimError if there is none. */
  path(): AttributePath {
    const token = this.tokens[this.at];
    const path = token?.kind === 'word' ? parseAttributePath(token.text) : null;
    if (!path) throw this.unexpected('an attribute');
    this.at += 1;
    return path;
  }

  consumeBracket(text: Bracket): boolean {
    return this.consume((token) => token.kind === 'bracket' && token.text === text) !== null;
  }

  /** Consumes `.value` after a `]`; null if there is none. */
  consumeSubAttribute(): string | null {
    const word = this.consume((token) => token.kind === 'word' && /^\.[A-Za-z$][\w$-]*$/.test(token.text));
    return word?.kind === 'word' ? word.text.slice(1) : null;
  }

  /** The filter within `[…]`, after the opening bracket. */
  insideBrackets(): Filter {
    const filter = this.nested(']');
    if (leavesOf(filter).some(({ kind }) => kind === 'some'))
      throw new ScimError(this.errorType, 'A filter cannot contain a list within a list.');
    return filter;
  }

  end(): void {
    if (this.at < this.tokens.length) throw this.unexpected('the end');
  }

  private conjunction(): Filter {
    let left = this.term();
    while (this.consumeKeyword('and')) left = { kind: 'and', left, right: this.term() };
    return left;
  }

  private term(): Filter {
    if (this.consumeBracket('(')) return this.nested(')');
    if (this.startsNegation()) {
      this.at += 2;
      return { kind: 'not', filter: this.nested(')') };
    }
    const path = this.path();
    if (this.consumeBracket('[')) return this.some(path);
    return this.comparison(path);
  }

  /** Entra ID sends `emails[type eq "work"].value eq "x"`, outside the grammar; both conditions apply to the same value. */
  private some(path: AttributePath): Filter {
    const filter = this.insideBrackets();
    const sub = this.consumeSubAttribute();
    if (sub === null) return { kind: 'some', path, filter };
    const right = this.comparison({ urn: null, name: sub, sub: null });
    return { kind: 'some', path, filter: { kind: 'and', left: filter, right } };
  }

  private comparison(path: AttributePath): Filter {
    if (this.consumeKeyword('pr')) return { kind: 'present', path };
    const operator = OPERATORS.find((name) => this.consumeKeyword(name));
    if (!operator) throw this.unexpected('an operator');
    const token = this.consume(({ kind }) => kind === 'value');
    if (token?.kind !== 'value') throw this.unexpected('a value');
    return { kind: 'compare', path, operator, value: token.value };
  }

  private nested(closing: ')' | ']'): Filter {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new ScimError(this.errorType, 'The filter is nested too deeply.');
    const filter = this.expression();
    if (!this.consumeBracket(closing)) throw this.unexpected(closing);
    this.depth -= 1;
    return filter;
  }

  private startsNegation(): boolean {
    const [first, second] = [this.tokens[this.at], this.tokens[this.at + 1]];
    return isWord(first, 'not') && second?.kind === 'bracket' && second.text === '(';
  }

  private consumeKeyword(word: string): boolean {
    return this.consume((token) => isWord(token, word)) !== null;
  }

  private consume(isWanted: (token: Token) => boolean): Token | null {
    const token = this.tokens[this.at];
    if (!token || !isWanted(token)) return null;
    this.at += 1;
    return token;
  }

  private unexpected(wanted: string): ScimError {
    const token = this.tokens[this.at];
    const found = !token ? 'the end' : JSON.stringify(token.kind === 'value' ? token.value : token.text);
    return new ScimError(this.errorType, `Expected ${wanted}, found ${found}.`);
  }
}

const isWord = (token: Token | undefined, word: string): boolean =>
  token?.kind === 'word' && token.text.toLowerCase() === word;

type Bracket = '(' | ')' | '[' | ']';
type Token =
  { kind: 'word'; text: string } | { kind: 'value'; value: FilterValue } | { kind: 'bracket'; text: Bracket };

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

function tokensOf(text: string, errorType: 'invalidFilter' | 'invalidPath'): Token[] {
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
