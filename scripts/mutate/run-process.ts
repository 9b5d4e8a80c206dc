import { spawn } from 'node:child_process';
import { once } from 'node:events';

export type ProcessResult = { code: number | null; output: string; timedOut: boolean };

type Options = { cwd: string; env?: NodeJS.ProcessEnv; timeoutMs: number; signal: AbortSignal };

/**
 * Runs a program in a process group of its own, which ends with it, when the time is over or when `signal` is aborted.
 * @throws the reason of `signal`
 */
export async function runProcess(program: string, args: string[], options: Options): Promise<ProcessResult> {
  const { cwd, env = process.env, timeoutMs, signal } = options;
  signal.throwIfAborted();
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    killGroup(child.pid);
  }, timeoutMs);
  const abort = () => killGroup(child.pid);
  signal.addEventListener('abort', abort);
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    signal.throwIfAborted();
    return { code, output: Buffer.concat(output).toString(), timedOut };
  } finally {
    killGroup(child.pid); // what it has started and left behind
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
