import type { Break } from '../break.ts';

const READ_PEOPLE = 'console/src/members/add/read-people.ts';

/** Rules of the console that are functions without input or output. */
export const CONSOLE: readonly Break[] = [
  {
    id: 'console.addresses-held-together-by-a-quote',
    file: READ_PEOPLE,
    find: 'if (rows && (lines.length === rows.length || isRead)) return rows;',
    replace: 'if (rows) return rows;',
    why: 'A quote before one address and behind another would make one row of several people, who are not invited.',
    tests: ['console/src/members/add/read-people.spec.ts'],
  },
];
