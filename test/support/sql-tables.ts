/** How a statement uses a table; `lock` is `for update` and its weaker forms. */
export type Access = 'read' | 'lock' | 'write';
export type TableUse = { readonly table: string; readonly access: Access };

/** `level`: how many parentheses are open. */
type NamedTable = TableUse & { readonly alias: string | undefined; readonly level: number };

const TOKEN = /\$\{\}|"[^"]*"|[a-z_]\w*|\S/gi;
const COMMENT_OR_STRING = /--.*$|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/gm;

/** `${}` in a statement: a part that is not known. */
export const PLACEHOLDER = '${}';

const ENDS_FROM = new Set([
  'where',
  'group',
  'order',
  'limit',
  'returning',
  'set',
  'values',
  'select',
  'union',
]);
const NO_ALIAS = new Set([
  ...ENDS_FROM,
  'join',
  'left',
  'inner',
  'cross',
  'on',
  'using',
  'for',
  'from',
  'as',
]);
const MODIFIERS = new Set(['only', 'lateral', 'table']);

const isName = (token: string | undefined): token is string => /^[a-z_"]/.test(token ?? '');

/**
 * What a statement, or a part of one, does to the tables that it names. Names of common table expressions are left
 * out. Not each name is a table: `extract(epoch from expires_at)` names a column.
 */
export function tablesIn(sql: string): TableUse[] {
  const tokens = sql.toLowerCase().replace(COMMENT_OR_STRING, '0').match(TOKEN) ?? [];
  const expressions = commonTableExpressions(tokens);
  const found: NamedTable[] = [];
  const outer: boolean[] = [];
  let inFrom = false;
  /** What is done to the table that is named next; null if none is. */
  let next: Access | null = null;
  for (const [index, token] of tokens.entries()) {
    if (token === '(') {
      outer.push(inFrom);
      inFrom = next !== null;
      continue;
    }
    if (token === ')') inFrom = outer.pop() ?? false;
    if (ENDS_FROM.has(token)) inFrom = false;
    if (next && MODIFIERS.has(token)) continue;
    const access = accessAfter(tokens, index, inFrom);
    if (next && !access && isTable(tokens, index, next) && !expressions.has(token))
      found.push({
        table: token.replaceAll('"', ''),
        access: next,
        alias: aliasAfter(tokens, index),
        level: outer.length,
      });
    if (isLock(tokens, index)) found.push(...lockedTables(tokens, index, found, outer.length));
    next = access;
    if (access === 'read') inFrom = true;
  }
  return found.map(({ table, access }) => ({ table, access }));
}

function accessAfter(tokens: readonly string[], index: number, inFrom: boolean): Access | null {
  const [before = '', token, after] = [tokens[index - 1], tokens[index], tokens[index + 1]];
  if (token === 'from') return before === 'delete' ? 'write' : before === 'distinct' ? null : 'read';
  if (token === 'join' || (token === ',' && inFrom)) return 'read';
  if (token === 'using') return after === '(' ? null : 'read';
  if (token === 'into' || token === 'truncate') return 'write';
  if (token === 'lock') return 'lock';
  return token === 'update' && !['for', 'key', 'do', 'on'].includes(before) ? 'write' : null;
}

/** Neither a set-returning function nor a subquery; the column list of an `insert` follows its table. */
function isTable(tokens: readonly string[], index: number, access: Access): boolean {
  const token = tokens[index] ?? '';
  if (token === PLACEHOLDER) return tokens[index - 1] !== '(';
  if (!isName(token) || ENDS_FROM.has(token)) return false;
  return access === 'write' || tokens[index + 1] !== '(';
}

function aliasAfter(tokens: readonly string[], index: number): string | undefined {
  const alias = tokens[index + 1] === 'as' ? tokens[index + 2] : tokens[index + 1];
  return isName(alias) && !NO_ALIAS.has(alias) ? alias : undefined;
}

function isLock(tokens: readonly string[], index: number): boolean {
  const before = tokens[index - 1] ?? '';
  return ['update', 'share'].includes(tokens[index] ?? '') && ['for', 'key'].includes(before);
}

/** The table after `for update of`; without `of`, all tables of the same `select`. */
function lockedTables(
  tokens: readonly string[],
  index: number,
  found: readonly NamedTable[],
  level: number,
): NamedTable[] {
  const name = tokens[index + 1] === 'of' ? tokens[index + 2] : undefined;
  return found
    .filter((use) => use.level === level && use.access === 'read')
    .filter(({ alias, table }) => name === undefined || name === (alias ?? table))
    .map((use) => ({ ...use, access: 'lock' }));
}

function commonTableExpressions(tokens: readonly string[]): Set<string> {
  const startsQuery = (token = '') => ['(', 'materialized', 'not'].includes(token);
  return new Set(tokens.filter((_, index) => tokens[index + 1] === 'as' && startsQuery(tokens[index + 2])));
}
