import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };

/** A server in a separate process. */
export type ServerProcess = {
  url: string;
  /** The line that it printed when it was ready. */
  ready: string;
  /** RSS in bytes, now and its peak since the start; null if the system does not report it. */
  memory: () => Promise<{ now: number; peak: number } | null>;
  stop: () => Promise<void>;
};

export const SALT = 'a-salt-that-is-only-used-by-the-benchmark';
export const JWT_SECRET = 'a-secret-that-is-only-used-by-the-benchmark';

/** Turns off the limits that would refuse logins. */
export const NO_LOGIN_LIMITS = {
  RATE_LIMIT_LOGINS_PER_MINUTE: '0',
  RATE_LIMIT_LOGINS_PER_EMAIL_PER_MINUTE: '0',
  RATE_LIMIT_LOGINS_OF_NEW_NETWORKS_PER_MINUTE: '0',
};

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
    RATE_LIMIT_INVITED_ADDRESSES_PER_HOUR: '0',
    ...settings,
  });

/** Starts a script with node in the folder of the project, and waits until it says where it listens. */
export async function start(args: string[], env: NodeJS.ProcessEnv): Promise<ServerProcess> {
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
  const { url, ready } = await addressOf(child);
  return { url, ready, memory: () => memoryOf(child), stop };
}

/** The URL that all servers print when they are ready, and its line. */
async function addressOf(child: ChildProcess): Promise<Pick<ServerProcess, 'url' | 'ready'>> {
  for await (const ready of createInterface({ input: child.stdout! })) {
    const url = /listens on (http:\S+?),?(?:\s|$)/.exec(ready)?.[1];
    if (url) {
      child.stdout?.resume(); // a server whose pipe is full would wait
      return { url, ready };
    }
  }
  throw new Error('a server ended before it was ready; it said why above');
}

/** Linux records the peak itself, so that no value between two reads is missed. */
async function memoryOf({ pid }: ChildProcess): Promise<{ now: number; peak: number } | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const bytes = (name: string) => {
    const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
    return kilobytes ? Number(kilobytes) * 1024 : null;
  };
  const [now, peak] = [bytes('VmRSS'), bytes('VmHWM')];
  return now === null || peak === null ? null : { now, peak };
}
