import { constants } from 'node:fs';
import { chmod, type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Failure } from './failures.js';

/** The address of a server by its origin, and the key or access token that is sent to that origin only. */
export type Entry = { readonly url: string; readonly token: string; readonly login?: Login };

/** Of a login with a browser. Times are milliseconds since 1970. */
type Login = {
  /** Another login, perhaps of another person or organization, has another one. */
  readonly id: string;
  readonly refreshToken: string;
  readonly expiresAt: number;
  /** Until then, one process refreshes the tokens, and others wait. */
  readonly leaseEndsAt?: number;
};

export type LoginEntry = Entry & { readonly login: Login };

export const isLogin = (entry: Entry): entry is LoginEntry => entry.login !== undefined;

type Credentials = { readonly current: string | null; readonly servers: Readonly<Record<string, Entry>> };

const NONE: Credentials = { current: null, servers: {} };

/** @throws Failure rather than to keep keys in the folder where the command runs */
const credentialsPath = (): string => {
  const configured = process.env['XDG_CONFIG_HOME'];
  const folder = configured && isAbsolute(configured) ? configured : join(homedir(), '.config');
  if (!isAbsolute(folder)) throw new Failure('HOME is not set, which says where keys are kept.');
  return join(folder, 'tenantry', 'credentials.json');
};

/** @throws Failure if others may read the file, or it is not what this command has written */
export async function readCredentials(): Promise<Credentials> {
  const path = credentialsPath();
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return NONE;
    throw new Failure(`${path} cannot be read: ${(error as Error).message}`);
  }
  try {
    await refuseUnlessPrivate(file, path);
    return parse(await file.readFile('utf8'), path);
  } finally {
    await file.close();
  }
}

async function refuseUnlessPrivate(file: FileHandle, path: string): Promise<void> {
  const { mode, uid } = await file.stat();
  if (process.platform === 'win32') return;
  if (uid !== process.getuid?.()) throw new Failure(`${path} belongs to another user and is not used.`);
  if ((mode & 0o077) !== 0)
    throw new Failure(
      `${path} can be read by others and is not used. Revoke the keys in it if others use this computer, then: chmod 600 ${path}`,
    );
}

function parse(text: string, path: string): Credentials {
  try {
    const { current = null, servers } = JSON.parse(text) as Partial<Credentials>;
    const areTexts = (...values: unknown[]) => values.every((value) => typeof value === 'string');
    const isEntry = ({ url, token, login }: Entry) =>
      areTexts(url, token) && (login === undefined || areTexts(login.id, login.refreshToken));
    if (typeof servers === 'object' && Object.values(servers).every(isEntry)) return { current, servers };
  } catch {
    // answered below
  }
  throw new Failure(`${path} is damaged: delete it and log in again.`);
}

/** Becomes the server that is used unless another one is named. */
export const addEntry = (origin: string, entry: Entry): Promise<void> =>
  change(({ servers }) => ({ current: origin, servers: { ...servers, [origin]: entry } }));

export const removeEntry = (origin: string): Promise<void> => change((known) => without(known, origin));

/** Writes (undefined: removes) an entry if it still is what was read before; returns whether it was. */
export async function replaceEntry(origin: string, read: Entry, entry: Entry | undefined): Promise<boolean> {
  let isSame = false;
  await change((known) => {
    isSame = isDeepStrictEqual(known.servers[origin], read);
    if (!isSame) return known;
    return entry ? { ...known, servers: { ...known.servers, [origin]: entry } } : without(known, origin);
  });
  return isSame;
}

/** No other server takes its place as the one that is used unless another is named: nothing is sent there by surprise. */
function without({ current, servers }: Credentials, origin: string): Credentials {
  const { [origin]: _removed, ...others } = servers;
  return { current: current === origin ? null : current, servers: others };
}

/** By rename, so that no reader and no crash ever sees a part of it. Who has created the draft is the only one who writes. */
async function change(to: (known: Credentials) => Credentials): Promise<void> {
  const path = credentialsPath();
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await chmod(dirname(path), 0o700);
  const draft = `${path}.new`;
  const file = await create(draft);
  try {
    await file.writeFile(`${JSON.stringify(to(await readCredentials()), null, 2)}\n`);
    await file.sync();
    await file.close();
    await rename(draft, path);
  } catch (error) {
    await file.close().catch(() => {});
    await rm(draft, { force: true });
    throw error;
  }
}

const ATTEMPTS = 40;
const WAIT_MS = 50;

async function create(path: string): Promise<FileHandle> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await open(path, 'wx', 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (attempt === ATTEMPTS)
      throw new Failure(`Another command changes the keys. If no other tenantry runs, delete ${path}.`);
    await pause(WAIT_MS);
  }
}
