import { execFile, type ExecFileException } from 'node:child_process';

/** The account of the operating system that a program runs as; `undefined` where used: our own. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root. `nobody` is there on every Linux, so no account has to be made. */
export const NOBODY: SystemUser = { uid: 65534, gid: 65534 };

/** No locale, time zone, `PG…` or library path of the caller may change what PostgreSQL's programs do. */
export const PLAIN_ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC' };

export const isRoot = (): boolean => process.getuid?.() === 0;

/** A program ended with a failure, told in its own words, or did not start at all. */
class ProgramFailed extends Error {
  readonly hasStarted: boolean;

  constructor(cause: ExecFileException, output: string) {
    super(output.trim() || cause.message, { cause });
    this.hasStarted = typeof cause.code === 'number'; // an exit code; otherwise a word such as EACCES
  }
}

/** Runs a program to its end. Throws with what it printed when it cannot start or its exit code is not 0. */
export function runAs(user: SystemUser | undefined, program: string, args: string[]): Promise<void> {
  // cwd: `user` may not be allowed to enter the folder that the server was started in.
  const options = { ...user, cwd: '/', env: PLAIN_ENVIRONMENT };
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, _, output) => {
      if (error) reject(new ProgramFailed(error, output));
      else resolve();
    });
  });
}

/** Whether `user` may pass through `folder` and every folder above it. Asks the kernel: modes do not show ACLs. */
export async function canAccess(user: SystemUser, folder: string): Promise<boolean> {
  try {
    await runAs(user, '/bin/sh', ['-c', 'cd "$1"', 'sh', folder]);
    return true;
  } catch (error) {
    if (error instanceof ProgramFailed && error.hasStarted) return false;
    // A container may have taken root's right to change its user.
    throw new Error(`root cannot act as user ${user.uid} here; start it as an ordinary user`, {
      cause: error,
    });
  }
}
