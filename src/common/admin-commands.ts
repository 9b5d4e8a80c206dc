import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { Injectable } from '@nestjs/common';
import { DomainError } from './errors/domain-error.js';

/** The command cannot be carried out, or reports something to a script by its exit code; the message is for the operator. */
export class AdminCommandError extends Error {
  readonly exitCode: number;

  constructor(message: string, { exitCode = 1, ...options }: ErrorOptions & { exitCode?: number } = {}) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** The parsed options, and the argument under its name; an option that was not given is absent. */
export type AdminOptions = Readonly<Record<string, string | boolean | undefined>>;

/**
 * A command of the operator, `npm run admin -- <name>`, which uses the database and the settings of the server. It
 * belongs to the module whose data it changes, and registers itself with `AdminCommands`.
 */
export interface AdminCommand {
  /** For example `break-glass` or `logins:rebind`. */
  readonly name: string;
  /** One sentence for the help text. */
  readonly purpose: string;
  /** The options in the help text. */
  readonly usage: string;
  readonly options: ParseArgsOptionsConfig;
  /** The name of the one required argument without a flag, such as `FILE`; absent if the command takes none. */
  readonly argument?: string;
  /**
   * @returns the exit code, if it is not 0
   * @throws AdminCommandError or DomainError; the message is shown to the operator and the exit code is 1, or the error's
   */
  run(options: AdminOptions, print: (line: string) => void): Promise<number | void>;
}

const HELP = ['help', '--help', '-h'];

/** The commands that modules register. They are known before the application starts, so that a mistyped name is refused at once. */
const OF_MODULES = [
  'audit:forget',
  'audit:verify',
  'break-glass',
  'logins:rebind',
  'oauth:rotate-keys',
  'passwords:reset',
  'sign-in-requirement:drop',
];

/** Whether the application has to be started to run it. */
export const needsApplication = (name = 'help'): boolean => [...HELP, ...OF_MODULES].includes(name);

export const unknownCommand = (name: string): string => `Unknown command "${name}".`;

/** Registry of the operator's commands; modules register theirs when the application starts. */
@Injectable()
export class AdminCommands {
  private readonly commands = new Map<string, AdminCommand>();

  add(...commands: readonly AdminCommand[]): void {
    for (const command of commands) this.commands.set(command.name, command);
  }

  has(name: string): boolean {
    return this.commands.has(name);
  }

  /** Returns the exit code: 0 done, 1 refused, 2 usage error, others as the command says. */
  async run([name = 'help', ...args]: readonly string[], print: (line: string) => void): Promise<number> {
    const command = this.commands.get(name);
    if (!command) {
      const isUnknown = !HELP.includes(name);
      if (isUnknown) print(unknownCommand(name));
      for (const line of this.help()) print(line);
      return isUnknown ? 2 : 0;
    }
    try {
      return (await command.run(parseOptions(command, args), print)) ?? 0;
    } catch (error) {
      if (error instanceof UsageError) {
        print(error.message);
        print(`Usage: npm run admin -- ${command.name} ${command.usage}`.trimEnd());
        return 2;
      }
      if (!(error instanceof DomainError || error instanceof AdminCommandError)) throw error;
      print(error.message);
      return error instanceof AdminCommandError ? error.exitCode : 1;
    }
  }

  private help(): string[] {
    const sorted = [...this.commands.values()].sort((a, b) => a.name.localeCompare(b.name));
    return [
      'Usage: npm run admin -- <command>',
      ...sorted.flatMap(({ name, usage, purpose }) => [`  ${name} ${usage}`.trimEnd(), `      ${purpose}`]),
    ];
  }
}

/** The arguments do not fit the command. */
class UsageError extends Error {}

const USAGE_ERROR_CODE = /^ERR_PARSE_ARGS_/; // `util.parseArgs`

/** @throws UsageError if an option is unknown or lacks its value, or an argument is missing or not expected */
function parseOptions({ options, argument }: AdminCommand, args: readonly string[]): AdminOptions {
  const { values, positionals } = parsed(args, options);
  const [first, second] = positionals;
  const unexpected = argument ? second : first;
  if (unexpected !== undefined) throw new UsageError(`Unexpected argument "${unexpected}".`);
  if (argument && first === undefined) throw new UsageError(`${argument} is missing.`);
  return { ...(values as AdminOptions), ...(argument && { [argument]: first }) };
}

function parsed(args: readonly string[], options: ParseArgsOptionsConfig) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const { code = '', message } = error as Error & { code?: string };
    if (!USAGE_ERROR_CODE.test(code)) throw error;
    throw new UsageError(message.replace(/(\. |\n).*/s, '.').replace(/\.?$/, '.'));
  }
}
