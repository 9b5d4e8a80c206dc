import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadOrCreateSecrets, loadSecrets, UnusableSecretsFile, type Secrets } from './secrets-file.js';

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'secrets-file-'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

const inScratch = (name: string) => join(scratch, name);
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe('the secrets of an installation', () => {
  it('creates the secrets at the first start and keeps them', () => {
    const directory = inScratch('first/start');
    const secrets = loadOrCreateSecrets(directory);
    expect(new Set(Object.values(secrets)).size).toBe(3);
    expect(JSON.parse(readFileSync(join(directory, 'secrets.json'), 'utf8'))).toEqual(secrets);
    expect(loadOrCreateSecrets(directory)).toEqual(secrets);
  });

  it('creates different secrets for each installation', () => {
    expect(loadOrCreateSecrets(inScratch('one'))).not.toEqual(loadOrCreateSecrets(inScratch('other')));
  });

  it('creates a secrets file that only its owner can read, in a directory that others may traverse', () => {
    const directory = inScratch('modes');
    const umask = process.umask(0o077);
    loadOrCreateSecrets(directory);
    process.umask(umask);
    expect(modeOf(directory)).toBe('755');
    expect(modeOf(join(directory, 'secrets.json'))).toBe('600');
  });

  it('does not change the mode of an existing data directory and leaves no temporary file in it', () => {
    const directory = inScratch('existing');
    mkdirSync(directory, { mode: 0o700 });
    loadOrCreateSecrets(directory);
    expect(modeOf(directory)).toBe('700');
    expect(readdirSync(directory)).toEqual(['secrets.json']);
  });
});

describe('loadSecrets', () => {
  it('returns the secrets of an existing installation', () => {
    const secrets = loadOrCreateSecrets(inScratch('there'));
    expect(loadSecrets(inScratch('there'))).toEqual(secrets);
  });

  it('throws if the installation does not exist, and creates nothing', () => {
    const directory = inScratch('mistyped');
    expect(() => loadSecrets(directory)).toThrow('mistyped/secrets.json does not exist: ');
    expect(() => loadSecrets(directory)).toThrow('DATA_DIR');
    expect(existsSync(directory)).toBe(false);
  });
});

describe('a damaged secrets file', () => {
  const whole = {
    basicAuthJwtSecret: 'a'.repeat(43),
    apiKeySalt: 'b'.repeat(43),
    databasePassword: 'c'.repeat(43),
  };

  it.each([
    ['is empty', ''],
    ['is cut short', JSON.stringify(whole).slice(0, -10)],
    ['holds null', 'null'],
    ['lacks a secret', JSON.stringify({ ...whole, apiKeySalt: undefined })],
    ['holds a secret that is cut short', JSON.stringify({ ...whole, apiKeySalt: 'bbb' })],
    ['holds a secret that is not a string', JSON.stringify({ ...whole, apiKeySalt: 7 })],
  ])('refuses a secrets file that %s, without showing its content or changing it', (why, content) => {
    const directory = inScratch(why);
    const path = join(directory, 'secrets.json');
    mkdirSync(directory);
    writeFileSync(path, content);
    const error = refusalOf(directory);
    expect(error.message).toContain(path);
    expect(error.message.replaceAll(path, '')).not.toMatch(/aaa|bbb|ccc/); // the path is random
    expect(error.cause).toBeUndefined();
    expect(readFileSync(path, 'utf8')).toBe(content);
  });

  it('refuses a directory in place of the secrets file', () => {
    const directory = inScratch('folder');
    mkdirSync(join(directory, 'secrets.json'), { recursive: true });
    expect(refusalOf(directory).message).toContain('EISDIR');
  });

  it('refuses a data directory that cannot be created', () => {
    writeFileSync(inScratch('occupied'), '');
    const { message } = refusalOf(inScratch('occupied'));
    expect(message).toContain(inScratch('occupied'));
    expect(message).toMatch(/DATA_DIR has to be a folder/);
    expect(message).not.toMatch(/backup/); // no secret was lost
  });
});

describe('concurrent first starts', () => {
  it('creates one set of secrets in concurrent first starts', async () => {
    const directories = Array.from({ length: 50 }, (_, index) => inScratch(`race-${index}`));
    const [first, ...others] = await raceInWorkers(4, directories);
    expect(first).toHaveLength(directories.length);
    for (const other of others) expect(other).toEqual(first);
    for (const directory of directories) expect(readdirSync(directory)).toEqual(['secrets.json']);
  });
});

function refusalOf(directory: string): Error {
  try {
    loadOrCreateSecrets(directory);
  } catch (error) {
    if (error instanceof UnusableSecretsFile) return error;
    throw error;
  }
  throw new Error('The secrets file was accepted.');
}

/** Each worker opens all directories in order; they synchronize before each one, so that the first calls coincide. */
async function raceInWorkers(count: number, directories: string[]): Promise<Secrets[][]> {
  const program = `
    const { parentPort, workerData } = require('node:worker_threads');
    import(workerData.module).then(({ loadOrCreateSecrets }) => {
      const arrived = new Int32Array(workerData.shared);
      parentPort.postMessage(workerData.directories.map((directory, round) => {
        const all = workerData.count * (round + 1);
        if (Atomics.add(arrived, 0, 1) + 1 === all) Atomics.notify(arrived, 0);
        for (let so; (so = Atomics.load(arrived, 0)) < all; ) Atomics.wait(arrived, 0, so);
        return loadOrCreateSecrets(directory);
      }));
    });`;
  const module = new URL('./secrets-file.ts', import.meta.url).href;
  const workerData = { module, directories, count, shared: new SharedArrayBuffer(4) };
  const workers = Array.from({ length: count }, () => new Worker(program, { eval: true, workerData }));
  return Promise.all(
    workers.map(
      (worker) =>
        new Promise<Secrets[]>((resolve, reject) => worker.once('message', resolve).once('error', reject)),
    ),
  );
}
