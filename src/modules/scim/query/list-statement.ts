import { createHash } from 'node:crypto';
import type { Condition } from './filter-condition.js';

/**
 * Only look-ups are named: the server keeps every named statement, and other filters have unlimited shapes. Planning
 * a look-up again would take most of its time.
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
