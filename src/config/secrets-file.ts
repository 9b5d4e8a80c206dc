import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The secrets an installation makes for itself; each is 32 random bytes as 43 base64url characters. */
export interface Secrets {
  readonly basicAuthJwtSecret: string;
  readonly apiKeySalt: string;
  readonly databasePassword: string;
}

/** How those of a data directory are found; the path is absolute. */
export type LoadSecrets = (dataDirectory: string) => Secrets;

const RESTORE =
  'If it is lost or damaged, restore it from a backup: ' +
  'without it every API key and session is void and the embedded database stays closed.';

/** The secrets file cannot be read, written or understood. Never mended by itself: a new salt voids every key. */
export class UnusableSecretsFile extends Error {
  constructor(
    path: string,
    reason: string,
    { cause, advice = RESTORE }: { cause?: unknown; advice?: string } = {},
  ) {
    super(`The secrets file ${path} ${reason}. ${advice}`, { cause });
    this.name = 'UnusableSecretsFile';
  }
}

/**
 * The secrets kept in `secrets.json` of that directory, made at the first call. Of several first calls at once, also
 * from several processes, one makes them and all return the same.
 *
 * @param dataDirectory absolute; made with mode 0755 when absent, since the embedded database may run as another
 *   system user, who must be able to pass through it
 * @throws UnusableSecretsFile
 */
export function loadOrCreateSecrets(dataDirectory: string): Secrets {
  return load(dataDirectory, createFile);
}

/** For who works on an installation that is there: a mistyped directory is not to become another one. */
export function loadSecrets(dataDirectory: string): Secrets {
  return load(dataDirectory, (path) => {
    throw new UnusableSecretsFile(path, 'is not there: no server was started with this DATA_DIR');
  });
}

function load(dataDirectory: string, onMissing: (path: string) => string): Secrets {
  const path = join(dataDirectory, 'secrets.json');
  try {
    return secretsFrom(path, readIfPresent(path) ?? onMissing(path));
  } catch (error) {
    if (error instanceof UnusableSecretsFile) throw error;
    throw new UnusableSecretsFile(path, `cannot be used (${(error as Error).message})`, { cause: error });
  }
}

function readIfPresent(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code!)) return null;
    throw error;
  }
}

/** Returns what the file holds in the end: ours, or that of whoever was first. */
function createFile(path: string): string {
  try {
    write(path);
  } catch (cause) {
    const advice = 'DATA_DIR has to be a folder that this user may write to, or make.';
    throw new UnusableSecretsFile(path, `cannot be made (${(cause as Error).message})`, { cause, advice });
  }
  return readFileSync(path, 'utf8');
}

function write(path: string): void {
  makeDirectory(dirname(path));
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(draft, newSecrets(), { mode: 0o600, flag: 'wx', flush: true });
    linkIfAbsent(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** With those above it. Not by `mkdir`'s own recursion, which never ends where no folder can be made, as below /proc. */
function makeDirectory(directory: string): void {
  if (existsSync(directory)) return;
  makeDirectory(dirname(directory));
  try {
    mkdirSync(directory);
    chmodSync(directory, 0o755); // whatever the umask
  } catch (error) {
    if (!alreadyExists(error)) throw error; // somebody else made it at the same time
  }
}

/** A link, unlike a rename, fails when the name is taken: the first one wins, and nobody sees half a file. */
function linkIfAbsent(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!alreadyExists(error)) throw error;
  }
}

const alreadyExists = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'EEXIST';

function newSecrets(): string {
  const secret = () => randomBytes(32).toString('base64url');
  const secrets: Secrets = { basicAuthJwtSecret: secret(), apiKeySalt: secret(), databasePassword: secret() };
  return `${JSON.stringify(secrets, null, 2)}\n`;
}

function secretsFrom(path: string, text: string): Secrets {
  const { basicAuthJwtSecret, apiKeySalt, databasePassword } = fieldsOf(text);
  if (!isSecret(basicAuthJwtSecret) || !isSecret(apiKeySalt) || !isSecret(databasePassword)) {
    throw new UnusableSecretsFile(path, 'does not hold the three secrets that were written to it');
  }
  return { basicAuthJwtSecret, apiKeySalt, databasePassword };
}

/** No fields when it is not JSON; the parser's own message is dropped, since it quotes the text. */
function fieldsOf(text: string): Partial<Record<keyof Secrets, unknown>> {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

function isSecret(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{43}$/.test(value);
}
