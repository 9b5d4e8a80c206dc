import type { ParseArgsOptionsConfig } from 'node:util';

/** What was given after the command's name; an option that was not given is missing. */
export type AdminOptions = Readonly<Record<string, string | boolean | undefined>>;

/**
 * Something the operator does from the command line, `npm run admin -- <name>`, to the same database as the server and
 * with the same settings. It lives in the module that owns what it touches, and registers itself (`AdminCommands`).
 */
export interface AdminCommand {
  /** `break-glass`, `logins:rebind`. */
  readonly name: string;
  /** For the help: one sentence. */
  readonly purpose: string;
  /** For the help: what may follow the name. */
  readonly usage: string;
  readonly options: ParseArgsOptionsConfig;
  /** Throws AdminCommandError, or a DomainError; both are shown to the operator, and the process ends with 1. */
  run(options: AdminOptions, print: (line: string) => void): Promise<void>;
}

/** The command was understood and cannot be done; the message is for the operator. */
export class AdminCommandError extends Error {}
