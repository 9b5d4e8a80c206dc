import { execFile } from 'node:child_process';

/** The system user that a program runs as; `undefined` means the user of this process. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root. `nobody` exists on every Linux, so no account needs to be created. */
export const UNPRIVILEGED_USER: SystemUser = { uid: 65534, gid: 65534 };

/** Shields PostgreSQL's programs from the locale, time zone, `PG…` variables and library path of the environment. */
export const PLAIN_ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC' };

export const isRoot = (): boolean => process.getuid?.() === 0;

/**
 * Runs a program until it exits.
 *
 * @throws Error with its output, if it cannot be started or its exit code is not 0
 */
export function runAs(user: SystemUser | undefined, program: string, args: string[]): Promise<void> {
  // cwd: `user` may be unable to enter the working directory of this process.
  const options = { ...user, cwd: '/', env: PLAIN_ENVIRONMENT };
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, _, output) => {
      if (error) reject(new Error(output.trim() || error.message, { cause: error }));
      else resolve();
    });
  });
}

/** Runs a line of shell, in which `$1` and so on are `args`. */
export const runShell = (user: SystemUser | undefined, line: string, ...args: string[]): Promise<void> =>
  runAs(user, '/bin/sh', ['-c', line, 'sh', ...args]);

/** Whether `user` may traverse `folder` and its parents. Asks the kernel, since file modes do not show ACLs. */
export const canAccess = (user: SystemUser, folder: string): Promise<boolean> =>
  runShell(user, 'cd "$1"', folder).then(
    () => true,
    () => false,
  );
