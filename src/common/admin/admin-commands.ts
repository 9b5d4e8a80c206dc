import { parseArgs } from 'node:util';
import { Injectable } from '@nestjs/common';
import { DomainError } from '../errors/domain-error.js';
import { type AdminCommand, AdminCommandError } from './admin-command.js';

const HELP = ['help', '--help', '-h'];

/** Registry of the operator's commands; modules register theirs when the application starts. */
@Injectable()
export class AdminCommands {
  private readonly commands = new Map<string, AdminCommand>();

  add(command: AdminCommand): void {
    this.commands.set(command.name, command);
  }

  /** Returns the exit code: 0 done, 1 refused, 2 usage error. */
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
      return 1;
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

/** Null if an option is unknown or lacks its value. */
function parseOptions({ options }: AdminCommand, args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options }).values as Record<string, string | boolean>;
  } catch (error) {
    if (USAGE_ERROR_CODE.test((error as { code?: string }).code ?? '')) return null;
    throw error;
  }
}
