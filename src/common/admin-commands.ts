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
  /** @throws AdminCommandError or DomainError; the message is shown to the operator and the exit code is 1, or the error's */
  run(options: AdminOptions, print: (line: string) => void): Promise<void>;
}

const HELP = ['help', '--help', '-h'];

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
      for (const line of this.help()) print(line);
      return HELP.includes(name) ? 0 : 2;
    }
    const options = parseOptions(command, args);
    if (!options) {
      print(`Usage: npm run admin -- ${command.name} ${command.usage}`);
      return 2;
    }
    try {
      await command.run(options, print);
      return 0;
    } catch (error) {
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

const USAGE_ERROR_CODE = /^ERR_PARSE_ARGS_/; // `util.parseArgs`

/** Null if an option is unknown or lacks its value, or an argument is missing or not expected. */
function parseOptions({ options, argument }: AdminCommand, args: readonly string[]): AdminOptions | null {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (positionals.length !== (argument ? 1 : 0)) return null;
    return { ...(values as AdminOptions), ...(argument && { [argument]: positionals[0] }) };
  } catch (error) {
    if (USAGE_ERROR_CODE.test((error as { code?: string }).code ?? '')) return null;
    throw error;
  }
}
