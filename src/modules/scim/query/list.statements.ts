import { createHash } from 'node:crypto';
import type { Statement } from '../../../database/sql.js';
import type { ListQuery } from './list-query.js';

/** By text. There are as many as attributes that look-ups compare. */
const lookUps = new Map<string, Statement>();

/**
 * Only look-ups are named: the server keeps every named statement, and other filters have unlimited shapes. Planning
 * a look-up again would take most of its time.
 */
export function listStatement(kind: string, { condition, isSorted }: ListQuery, text: string): Statement {
  if (!condition?.isLookup || isSorted) return { name: '', text };
  const known = lookUps.get(text);
  if (known) return known;
  const statement = { name: `${kind}_${createHash('sha1').update(text).digest('hex').slice(0, 16)}`, text };
  lookUps.set(text, statement);
  return statement;
}
