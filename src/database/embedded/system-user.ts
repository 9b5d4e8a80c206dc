import { execFile, type ExecFileException } from 'node:child_process';

/** The system user that a program runs as; `undefined` means the user of this process. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root. `nobody` exists on every Linux, so no account has to be created. */
export const UNPRIVILEGED_USER: SystemUser = { uid: 65534, gid: 65534 };

/** Shields PostgreSQL's programs from the locale, time zone, `PG…` variables and library path of the environment. */
export const PLAIN_ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC' };

export const isRoot = (): boolean => process.getuid?.() === 0;

/** A program exited with a failure, with its output as the message, or could not be started. */
class ProgramFailed extends Error {
  readonly hasStarted: boolean;

  constructor(cause: ExecFileException, output: string) {
    super(output.trim() || cause.message, { cause });
    this.hasStarted = typeof cause.code === 'number'; // an exit code; otherwise an error code such as EACCES
  }
}

/**
 * Runs a program until it exits.
 *
 * @throws ProgramFailed with its output, if it cannot be started or its exit code is not 0
 */
export function runAs(user: SystemUser | undefined, program: string, args: string[]): Promise<void> {
  // cwd: `user` may be unable to enter the working directory of this process.
  const options = { ...user, cwd: '/', env: PLAIN_ENVIRONMENT };
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, _, output) => {
      if (error) reject(new ProgramFailed(error, output));
      else resolve();
    });
  });
}

/** Whether `user` may traverse `folder` and its parents. Asks the kernel, since file modes do not show ACLs. */
export async function canAccess(user: SystemUser, folder: string): Promise<boolean> {
  try {
    await runAs(user, '/bin/sh', ['-c', 'cd "$1"', 'sh', folder]);
    return true;
  } catch (error) {
    if (error instanceof ProgramFailed && error.hasStarted) return false;
    // A container may have dropped root's capability to change its user.
    throw new Error(`root cannot act as user ${user.uid} here; start it as an ordinary user`, {
      cause: error,
    });
  }
}
