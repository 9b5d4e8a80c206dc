import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The secrets that the server generates; each is 32 random bytes as 43 base64url characters. */
export interface Secrets {
  readonly basicAuthJwtSecret: string;
  readonly apiKeySalt: string;
  readonly databasePassword: string;
}

/** Finds the secrets of a data directory, given as an absolute path. */
export type LoadSecrets = (dataDirectory: string) => Secrets;

const RESTORE =
  'If it is lost or damaged, restore it from a backup: ' +
  'without it, every API key and session is invalid and the embedded database cannot be opened.';

/**
 * The secrets file cannot be read, written or parsed. It is never replaced automatically: a new salt invalidates every
 * key.
 */
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
 * The secrets in `secrets.json` of the data directory, created by the first call. Of concurrent first calls, also of
 * several processes, one creates them and all return the same.
 *
 * @param dataDirectory an absolute path; created with mode 0755 if absent, since the embedded database may run as
 *   another system user, who must be able to traverse it
 * @throws UnusableSecretsFile
 */
export function loadOrCreateSecrets(dataDirectory: string): Secrets {
  return load(dataDirectory, createFile);
}

/** The secrets of an earlier start, or null; writes nothing. */
export function findSecrets(dataDirectory: string): Secrets | null {
  return existsSync(pathIn(dataDirectory)) ? loadSecrets(dataDirectory) : null;
}

/** For tools that need an existing installation: a mistyped directory must not create another one. */
export function loadSecrets(dataDirectory: string): Secrets {
  return load(dataDirectory, (path) => {
    throw new UnusableSecretsFile(path, 'does not exist: no server was started with this DATA_DIR');
  });
}

const pathIn = (dataDirectory: string): string => join(dataDirectory, 'secrets.json');

function load(dataDirectory: string, onMissing: (path: string) => string): Secrets {
  const path = pathIn(dataDirectory);
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
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

/** Returns the final content of the file: created here, or by a concurrent process. */
function createFile(path: string): string {
  try {
    write(path);
  } catch (cause) {
    const advice = 'DATA_DIR has to be a folder that this user may write to, or may create.';
    throw new UnusableSecretsFile(path, `cannot be created (${(cause as Error).message})`, { cause, advice });
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

/**
 * Creates a directory and its parents. Not with `recursive`, which never ends where no directory can be created
 * (/proc).
 */
function makeDirectory(directory: string): void {
  if (existsSync(directory)) return;
  makeDirectory(dirname(directory));
  try {
    mkdirSync(directory);
    chmodSync(directory, 0o755); // independent of the umask
  } catch (error) {
    if (!alreadyExists(error)) throw error; // created by a concurrent process
  }
}

/** Unlike a rename, a link fails if the name exists: the first process wins, and no reader sees a partial file. */
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

/** Empty if the text is not JSON; the message of the parser is dropped, since it quotes the text. */
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
