import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { COMPILED, ROOT } from './server-process.js';

/** Runs `npm run admin -- <args>` of the clone in `root` in a separate process with only the given environment. */
export async function adminCommand(
  environment: Record<string, string>,
  args: readonly string[],
  stdin = '',
  root = ROOT,
): Promise<{ code: number | null; output: string; errors: string }> {
  const env = { PATH: process.env['PATH'], ...COMPILED, ...environment };
  const child = spawn(process.execPath, ['--single-threaded-gc', join(root, 'scripts/admin.mjs'), ...args], {
    env,
  });
  child.stdin.end(stdin);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, output, errors };
}
