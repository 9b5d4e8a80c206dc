import type { ParseArgsOptionsConfig } from 'node:util';

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
