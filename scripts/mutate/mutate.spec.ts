import { describe, expect, it } from '@jest/globals';
import { changesOf } from './generic/mutators.js';
import { parseBreaks, positionsOf } from './specials/break.js';

const changed = (text: string): string[] =>
  changesOf('x.ts', text).map(
    ({ kind, start, end, replacement }) => `${kind}: ${text.slice(0, start)}${replacement}${text.slice(end)}`,
  );

describe('changesOf', () => {
  it.each([
    ['if (a) throw b;', ['guard: ;']],
    ['if (a) return b;', ['guard: ;', 'condition: if (true) return b;']],
    ['await this.limits.assert(a);', ['call: ;']],
    ['this.logger.warn(a);', []],
    ['x = a && b;', ['operand: x = (a);', 'operand: x = (b);']],
    ['f(a ? b : c);', ['call: ;', 'ternary: f((b));', 'ternary: f((c));']],
    [
      'const f = (a): boolean => a < 1;',
      ['true', 'false'].map((each) => `answer: const f = (a): boolean => ${each};`),
    ],
    ['x = all.filter(isOpen);', ['filter: x = all;']],
    ['x = y.toString();', []],
    ['class A { @OrgAdminsOnly(B) c() {} }', ['decorator: class A {  c() {} }']],
    [
      "class A { @OrgCommand(adminsOnly(B), 'create_role', Role) c() {} }",
      [
        'decorator: class A {  c() {} }',
        "permission: class A { @OrgCommand('organization:manage', 'create_role', Role) c() {} }",
      ],
    ],
    ['x = find({ orgId, id });', ['scope: x = find({  id });']],
    ["x = can('members:manage');", ["permission: x = can('members:read');"]],
  ])('makes of %s what a rule would be without it', (text, expected) => {
    expect(changed(text)).toEqual(expect.arrayContaining(expected));
    expect(changed(text).filter((each) => !each.startsWith('comparison'))).toHaveLength(expected.length);
  });

  it('keeps what it takes out of SQL in the text, so that parameters stay in use', () => {
    const text = 'x = `select from a where b = $1 and (c or d < 2) and e between 1 and 2 for update`';

    expect(changed(text).map((each) => each.split('from a ')[1])).toEqual([
      'where ((b = $1) or true) and (c or d < 2) and e between 1 and 2 for update`',
      'where b = $1 and (((c or d < 2)) or true) and e between 1 and 2 for update`',
      'where b = $1 and (c or ((d < 2) and false)) and e between 1 and 2 for update`',
      'where b = $1 and (c or d <= 2) and e between 1 and 2 for update`',
      'where b = $1 and (c or d < 2) and ((e between 1 and 2) or true) for update`',
      'where b = $1 and (c or d < 2) and e between 1 and 2 `',
    ]);
  });
});

it('parseBreaks reads what is replaced by what, in which declaration', () => {
  expect(parseBreaks('# a.b in C.d: e, f/g\nWhy.\n- h\n- i\n+ j\n# a.c in K: e\nWhy.\n- l\n')).toEqual([
    { id: 'a.b', within: 'C.d', tests: ['e', 'f/g'], why: 'Why.', find: 'h\ni', replacement: 'j' },
    { id: 'a.c', within: 'K', tests: ['e'], why: 'Why.', find: 'l', replacement: '' },
  ]);
});

it('positionsOf finds a text whatever its line breaks', () => {
  expect(positionsOf('f(a, b)', 'x = f(\n  a,\n  b);')).toEqual([[4, 16]]);
});
