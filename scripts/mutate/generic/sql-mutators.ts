import type { Change } from './mutators.ts';

/** Other strings are left alone. */
const SQL_WORD = /\b(?:select|from|where|and|or|on|update|delete|exists|for)\b/;
const SQL_SIGN = / (?:=|<>|<|<=|>|>=|in|is|any) |\$\d|now\(\)|\bfor (?:no|key|update|share)\b/;
const KEYWORD = /^(?:where|and|or|on|having)$/;
/** A condition ends before one of these, at its own depth of parentheses. */
const END =
  /^(?:and|or|where|group|order|limit|offset|having|union|except|intersect|returning|for|on|join|left|inner|cross|right|full|window|when|then|else|end|do|set|from|as|select|[,;])$/;
const LOCK = new Set(['no', 'key', 'update', 'share', 'of', 'skip', 'locked', 'nowait']);
const TOKEN = /\$\{(?:[^{}]|\{[^{}]*\})*\}|'[^']*'|--[^\n]*|\w+|\$\d+|<>|<=|>=|::|[^\s\w]/g;
const REPLACED: Readonly<Record<string, readonly [kind: string, replacement: string]>> = {
  ...{ '<': ['sql-comparison', '<='], '<=': ['sql-comparison', '<'] },
  ...{ '>': ['sql-comparison', '>='], '>=': ['sql-comparison', '>'] },
  ...{ least: ['sql-least', 'greatest'], greatest: ['sql-least', 'least'] },
};

/** Views of what has not ended. */
const VIEW = /^current_[a-z_]+s$/;
/** To the microsecond, no test can tell `<` from `<=`. */
const NOW = /^(?:now|clock_timestamp)$/;

type Token = { readonly text: string; readonly start: number; readonly end: number; readonly depth: number };

/** Changes of a text that may hold SQL and begins at `offset` of its file. */
export function changesOfSql(text: string, offset: number): Change[] {
  if (!SQL_WORD.test(text) || !SQL_SIGN.test(text)) return [];
  const change = (kind: string, start: number, end: number, replacement: string): Change => ({
    ...{ kind, start: offset + start, end: offset + end, replacement, at: offset },
  });
  const tokens = tokensOf(text);
  return tokens.flatMap(({ text: word, start, end }, index) => {
    const next = tokens[index + 1]?.text ?? '';
    const replaced = REPLACED[word];
    if (replaced) return NOW.test(next) ? [] : [change(replaced[0], start, end, replaced[1])];
    if (VIEW.test(word)) return [change('sql-view', start, end, word.slice('current_'.length))];
    if (word === 'not' && tokens[index - 1]?.text === 'is') return [change('sql-not', start, end, '')];
    if (word === 'for' && LOCK.has(next))
      return [change('sql-lock', start, tokens[endOfLock(tokens, index)]!.end, '')];
    const isCondition = KEYWORD.test(word) && next !== 'conflict' && !isOfBetween(tokens, index);
    const last = isCondition ? endOf(tokens, index) : index;
    if (last === index) return [];
    const [from, to] = [tokens[index + 1]!.start, tokens[last]!.end];
    // The condition stays in the text, so that its parameters stay in use and keep their types.
    const neutral = word === 'or' ? 'and false' : 'or true';
    return [change('sql-condition', from, to, `((${text.slice(from, to)}) ${neutral})`)];
  });
}

/** `between a and b` */
const isOfBetween = (tokens: readonly Token[], index: number): boolean =>
  tokens[index]!.text === 'and' &&
  tokens
    .slice(Math.max(0, index - 6), index)
    .some(({ text, depth }) => text === 'between' && depth === tokens[index]!.depth);

/** Index of the last token of `for update of a skip locked`. */
function endOfLock(tokens: readonly Token[], start: number): number {
  const isOutside = ({ text }: Token, index: number) => !LOCK.has(text) && tokens[index - 1]?.text !== 'of';
  const end = tokens.findIndex((token, index) => index > start && isOutside(token, index));
  return (end < 0 ? tokens.length : end) - 1;
}

/** Index of the last token of the condition after the keyword; the keyword's own if there is none. */
function endOf(tokens: readonly Token[], keyword: number): number {
  const { depth } = tokens[keyword]!;
  const end = tokens.findIndex(
    (token, index) =>
      index > keyword &&
      (token.depth < depth ||
        (token.depth === depth &&
          END.test(token.text) &&
          tokens[index - 1]!.text !== 'distinct' &&
          !isOfBetween(tokens, index))),
  );
  return (end < 0 ? tokens.length : end) - 1;
}

/** Words and signs; `${...}` and a string are one. Parentheses raise the depth of what is between them. */
function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let depth = 0;
  for (const { 0: found, index } of text.matchAll(TOKEN)) {
    if (found.startsWith('--') || found === '`') continue;
    if (/^[)\]]$/.test(found)) depth--;
    tokens.push({ text: found.toLowerCase(), start: index, end: index + found.length, depth });
    if (/^[([]$/.test(found)) depth++;
  }
  return tokens;
}
