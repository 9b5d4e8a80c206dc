import { describe, expect, it } from '@jest/globals';
import { type AdminCommand, AdminCommandError, AdminCommands } from './admin-commands.js';

const greet: AdminCommand = {
  name: 'greet',
  purpose: 'Says hello.',
  usage: '--name NAME',
  options: { name: { type: 'string' } },
  run: async ({ name }, say) => {
    if (name === 'Lea') throw new AdminCommandError('Lea is away.', { exitCode: 3 });
    if (name === 'Eve') throw new AdminCommandError('There is no such user.');
    if (name === 'Bug') throw new RangeError('a defect');
    say(`Hello ${name}`);
  },
};

const open: AdminCommand = {
  name: 'open',
  purpose: 'Opens a file.',
  usage: 'FILE [--loudly]',
  options: { loudly: { type: 'boolean' }, code: { type: 'string' } },
  argument: 'FILE',
  run: async ({ FILE, loudly = false, code = '0' }, say) => {
    say(`${String(FILE)} ${String(loudly)}`);
    return Number(code);
  },
};

function given(args: string[]) {
  const commands = new AdminCommands();
  commands.add(greet, open);
  const lines: string[] = [];
  const code = commands.run(args, (line) => void lines.push(line));
  return { code, lines };
}

describe('AdminCommands', () => {
  it('runs the named command with its options', async () => {
    const { code, lines } = given(['greet', '--name', 'Ada']);
    expect(await code).toBe(0);
    expect(lines).toEqual(['Hello Ada']);
  });

  it('prints why a command is refused and returns exit code 1', async () => {
    const { code, lines } = given(['greet', '--name', 'Eve']);
    expect(await code).toBe(1);
    expect(lines).toEqual(['There is no such user.']);
  });

  it('returns the exit code of the error if it has one', async () => {
    const { code, lines } = given(['greet', '--name', 'Lea']);
    expect(await code).toBe(3);
    expect(lines).toEqual(['Lea is away.']);
  });

  it.each([
    [['greet', '--nmae', 'Ada'], "Unknown option '--nmae'."],
    [['greet', '--name'], "Option '--name <value>' argument missing."],
    [['greet', 'Ada'], 'Unexpected argument "Ada".'],
  ])(
    'names what does not fit in the arguments %j, prints the usage and runs nothing',
    async (args, error) => {
      const { code, lines } = given(args);
      expect(await code).toBe(2);
      expect(lines).toEqual([error, 'Usage: npm run admin -- greet --name NAME']);
    },
  );

  it('returns the exit code that a command returns', async () => {
    expect(await given(['open', './a.txt', '--code', '1']).code).toBe(1);
  });

  it('passes the argument of a command that takes one under its name', async () => {
    const { code, lines } = given(['open', '--loudly', './a.txt']);
    expect(await code).toBe(0);
    expect(lines).toEqual(['./a.txt true']);
  });

  it.each([
    [['open'], 'FILE is missing.'],
    [['open', 'a', 'b'], 'Unexpected argument "b".'],
  ])('names what does not fit in the arguments %j of a command that takes one file', async (args, error) => {
    const { code, lines } = given(args);
    expect(await code).toBe(2);
    expect(lines).toEqual([error, 'Usage: npm run admin -- open FILE [--loudly]']);
  });

  it.each([
    [[], 0, []],
    [['help'], 0, []],
    [['--help'], 0, []],
    [['gret'], 2, ['Unknown command "gret".']],
  ])('lists the commands for the arguments %j, and names an unknown one', async (args, expected, first) => {
    const { code, lines } = given([...args]);
    expect(await code).toBe(expected);
    expect(lines).toEqual([
      ...first,
      'Usage: npm run admin -- <command>',
      '  greet --name NAME',
      '      Says hello.',
      '  open FILE [--loudly]',
      '      Opens a file.',
    ]);
  });

  it('rethrows an unexpected error of a command', async () => {
    await expect(given(['greet', '--name', 'Bug']).code).rejects.toThrow(RangeError);
  });
});
