import { describe, expect, it } from '@jest/globals';
import { chosenIdProblems, chosenIds } from './chosen-ids.js';

const [ONE, TWO] = ['0197a000-0000-7000-8000-00000000000a', '0197a000-0000-7000-8000-00000000000b'];
const at = (row: number) => ['body', row];

describe('chosen account ids', () => {
  it('reports user_id and ls_user_id that differ', () => {
    expect(chosenIdProblems({ user_id: ONE, ls_user_id: TWO }, at(3))).toMatchObject([
      { loc: ['body', 3, 'ls_user_id'] },
    ]);
    expect(chosenIdProblems({ user_id: ONE, ls_user_id: ONE.toUpperCase() }, at(3))).toEqual([]);
    expect(chosenIdProblems({ user_id: null, ls_user_id: TWO }, at(3))).toEqual([]);
  });

  it('returns one id per address from any of its rows', () => {
    const ids = [{}, { ls_user_id: ONE }, { user_id: ONE }];
    const rows = ids.map((id, row) => ({ ...id, email: 'a', loc: at(row) }));

    expect(chosenIds(rows)).toEqual({ byEmail: new Map([['a', ONE]]), problems: [] });
  });

  it.each([
    ['two users have the same id', { email: 'b', ls_user_id: ONE }, 'ls_user_id'],
    ['a user has two ids', { email: 'a', user_id: TWO }, 'user_id'],
  ])('reports a problem when %s', (_what, row, field) => {
    const rows = [{ email: 'a', user_id: ONE }, row].map((given, index) => ({ ...given, loc: at(index) }));
    const { problems } = chosenIds(rows);

    expect(problems).toMatchObject([{ loc: ['body', 1, field] }]);
  });
});
