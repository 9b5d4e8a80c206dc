import { createHash } from 'node:crypto';
import type { Condition } from './filter-condition.js';

/**
 * Filters have no end of shapes, and the server keeps every statement that has a name: so only look-ups have one, which
 * there are as many of as attributes. Planning them anew would take most of their time.
 */
export const statementName = (
  kind: string,
  condition: Condition | null,
  isSorted: boolean,
  text: string,
): string =>
  condition?.isLookup && !isSorted
    ? `${kind}_${createHash('sha1').update(text).digest('hex').slice(0, 16)}`
    : '';
