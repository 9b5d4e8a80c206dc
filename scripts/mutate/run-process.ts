import { spawn } from 'node:child_process';

export type ProcessResult = { code: number | null; output: string; timedOut: boolean };

type Options = { cwd: string; env?: NodeJS.ProcessEnv; timeoutMs: number; signal: AbortSignal };

/**
 * Runs a program in a process group of its own, all of which ends when the time is over or `signal` is aborted.
 * @throws the reason of `signal`
 */
export async function runProcess(program: string, args: string[], options: Options): Promise<ProcessResult> {
  const { cwd, env = process.env, timeoutMs, signal } = options;
  signal.throwIfAborted();
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
  const killGroup = () => child.pid && process.kill(-child.pid, 'SIGKILL');
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    killGroup();
  }, timeoutMs);
  signal.addEventListener('abort', killGroup);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    signal.throwIfAborted();
    return { code, output: Buffer.concat(output).toString(), timedOut };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', killGroup);
  }
}
