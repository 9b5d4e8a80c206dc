import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };

/** A server in a separate process. */
export type ServerProcess = {
  url: string;
  /** The peak RSS in bytes since the start; null if the system does not report it. */
  peakMemory: () => Promise<number | null>;
  stop: () => Promise<void>;
};

export const SALT = 'a-salt-that-is-only-used-by-the-benchmark';
export const JWT_SECRET = 'a-secret-that-is-only-used-by-the-benchmark';

/** The options of `npm start` for node, without a developer's own settings. */
const START = packageJson.scripts.start
  .split(' ')
  .filter((word) => !['exec', 'node'].includes(word) && !word.startsWith('--import'));

/** Starts our server like `npm start`, with default settings except `settings` and the rate limits, which are off. */
export const startTenantry = (
  databaseUrl: string,
  settings: NodeJS.ProcessEnv = {},
): Promise<ServerProcess> =>
  start(START, {
    DATABASE_URL: databaseUrl,
    PORT: '0',
    API_KEY_SALT: SALT,
    BASIC_AUTH_JWT_SECRET: JWT_SECRET,
    RATE_LIMIT_REQUESTS_PER_MINUTE: '0',
    RATE_LIMIT_INVITE_BATCHES_PER_MINUTE: '0',
    ...settings,
  });

/** Starts the baseline: the same SQL and the same responses from `node:http` and `pg` alone. */
export const startBare = (databaseUrl: string): Promise<ServerProcess> =>
  start(['bench/bare-server.ts'], { DATABASE_URL: databaseUrl, API_KEY_SALT: SALT });

async function start(args: string[], env: NodeJS.ProcessEnv): Promise<ServerProcess> {
  const child = spawn(process.execPath, args, {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill();
    await ended;
  };
  return { url: await addressOf(child), peakMemory: () => peakMemoryOf(child), stop };
}

/** The URL that both servers print when they are ready. */
async function addressOf(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const address = /listens on (http:\S+?),?(?:\s|$)/.exec(line)?.[1];
    if (address) return drained(child, address);
  }
  throw new Error('a server ended before it was ready; it said why above');
}

/** The log goes on to be read: a server whose pipe is full would wait. */
function drained({ stdout }: ChildProcess, address: string): string {
  stdout?.resume();
  return address;
}

/** Linux records the peak itself, so that no value between two reads is missed. */
async function peakMemoryOf({ pid }: ChildProcess): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes ? Number(kilobytes) * 1024 : null;
}
