import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { COMPILED } from './server-process.js';

const ADMIN = fileURLToPath(new URL('../../scripts/admin.mjs', import.meta.url));

/** `npm run admin -- <args>` in a process of its own, with no environment but the one given. */
export async function adminCommand(
  environment: Record<string, string>,
  args: readonly string[],
  stdin = '',
): Promise<{ code: number | null; output: string; errors: string }> {
  const env = { PATH: process.env['PATH'], ...COMPILED, ...environment };
  const child = spawn(process.execPath, ['--single-threaded-gc', ADMIN, ...args], { env });
  child.stdin.end(stdin);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, output, errors };
}
