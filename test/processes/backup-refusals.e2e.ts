/** @takes-long */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { adminCommand } from '../support/admin-command.js';
import { adminOn, contentOf, query, relationsOf, rewriteBackup, SECRETS } from '../support/backup.js';
import { emptyFolder, ROOT } from '../support/server-process.js';
import { startTestApp } from '../support/test-app.js';
import { cloneDatabase, emptyDatabase } from '../support/test-database.js';

let folder: ReturnType<typeof emptyFolder>;
let source: string;
let path: string;

beforeAll(async () => {
  folder = emptyFolder();
  const t = await startTestApp();
  source = t.databaseUrl;
  await t.fixtures.orgWithAdmin();
  await t.close();
  path = join(folder.path, 'good.backup');
  expect((await adminOn(source, 'backup', path)).code).toBe(0);
});
afterAll(() => folder.remove());

const ONE_LINE = /^[^\n]+\n$/;
/** The one line of a refusal, on either stream. */
function refusalOf({ code, output, errors }: Awaited<ReturnType<typeof adminCommand>>): string {
  expect({ code, line: output + errors }).toEqual({ code: 1, line: expect.stringMatching(ONE_LINE) });
  return output + errors;
}

/** A file with other content, beside the good one. */
function variant(change: (bytes: Buffer) => void): string {
  const copy = join(folder.path, `${randomUUID()}.backup`);
  const bytes = readFileSync(path);
  change(bytes);
  writeFileSync(copy, bytes);
  return copy;
}

function rewritten(change: Parameters<typeof rewriteBackup>[2]): string {
  const target = join(folder.path, `${randomUUID()}.backup`);
  rewriteBackup(path, target, change);
  return target;
}

/** Restores into an empty database, which has to stay empty. */
async function refusedRestore(file: string, ...options: string[]): Promise<string> {
  const databaseUrl = await emptyDatabase();
  const line = refusalOf(await adminOn(databaseUrl, 'restore', file, ...options));
  expect(await relationsOf(databaseUrl)).toEqual([]);
  return line;
}

/** Backs up into a new folder, in which nothing may be left. */
async function refusedBackup(name: string, run: (file: string) => ReturnType<typeof adminCommand>) {
  const target = join(folder.path, randomUUID());
  mkdirSync(target);
  const line = refusalOf(await run(join(target, name)));
  expect(readdirSync(target)).toEqual([]);
  return line;
}

/** A database that another role may open, without any right on its tables. */
async function asStranger(databaseUrl: string): Promise<string> {
  const role = `stranger_${randomUUID().replaceAll('-', '')}`;
  await query(databaseUrl, `create role ${role} login password 'stranger'`);
  return Object.assign(new URL(databaseUrl), { username: role, password: 'stranger' }).href;
}

describe('refusals of admin backup and restore', () => {
  it.each([0.1, 0.5, 0.9])(
    'refuses a backup in which the byte at %d of its length was changed',
    async (at) => {
      const file = variant((bytes) => (bytes[Math.floor(bytes.length * at)]! ^= 0x10));

      expect(await refusedRestore(file)).toContain(`${file} is damaged: `);
    },
  );

  it.each([
    ['half of its bytes', (size: number) => Math.floor(size / 2)],
    ['its last byte', (size: number) => size - 1],
  ])('refuses a backup that lacks %s', async (_what, sizeOf) => {
    const file = variant(() => undefined);
    truncateSync(file, sizeOf(readFileSync(file).length));

    expect(await refusedRestore(file)).toContain(`${file} is damaged: its end is missing`);
  });

  it('refuses a file that is not a backup', async () => {
    const file = join(folder.path, 'notes.txt');
    writeFileSync(file, 'pg_dump\n');

    expect(await refusedRestore(file)).toBe(`${file} is not a backup of Tenantry. Nothing was changed.\n`);
  });

  it('refuses a file that does not exist', async () => {
    const file = join(folder.path, 'absent.backup');

    expect(await refusedRestore(file)).toBe(
      `${file} cannot be read: ENOENT: no such file or directory, open '${file}'. Nothing was changed.\n`,
    );
  });

  it('refuses a backup of a version with a newer schema', async () => {
    const file = rewritten(({ header }) => header.migrations.push('InventTables1999999999999'));

    expect(await refusedRestore(file)).toMatch(/whose schema is newer \(InventTables1999999999999\)/);
  });

  it('refuses a backup of a version before 0.7.0', async () => {
    const file = rewritten(({ header }) => {
      header.migrations = header.migrations.filter(
        (name) => !/(CreateMails|AnnounceExpiries|MoveOldMails)/.test(name),
      );
    });

    expect(await refusedRestore(file)).toMatch(
      /whose schema lacks the migration CreateMails\d+ of version 0\.7\.0.+: go by 0\.7\.0 first\./,
    );
  });

  it('refuses a backup of a newer format', async () => {
    const file = rewritten((content) => (content.magic = 'Tenantry backup 3'));

    expect(await refusedRestore(file)).toContain('its format is 3, not 2');
  });

  it('refuses a backup with a table that its schema does not have', async () => {
    const file = rewritten(({ header }) => (header.tables[0]!.name = 'access_rules'));

    expect(await refusedRestore(file)).toContain('its table access_rules is not that of the schema');
  });

  it('refuses a backup whose rows violate a foreign key', async () => {
    const file = join(folder.path, 'orphans.backup');
    const orphaned = await cloneDatabase();
    await query(
      orphaned,
      `alter table onboarding_states drop constraint onboarding_states_user_id_fkey;
       insert into onboarding_states (id, user_id) values (gen_random_uuid(), gen_random_uuid())`,
    );
    expect((await adminOn(orphaned, 'backup', file)).code).toBe(0);

    expect(await refusedRestore(file)).toContain('violates foreign key constraint');
  });

  it('refuses to restore into a database with tables, which stays unchanged', async () => {
    const other = await startTestApp();
    await other.close();
    const before = await contentOf(other.databaseUrl);

    const line = refusalOf(await adminOn(other.databaseUrl, 'restore', path));

    expect(line).toMatch(
      /^The database is not empty: it has \d+ tables, views or sequences, among them public\./,
    );
    expect(await contentOf(other.databaseUrl)).toEqual(before);
  });

  it('refuses to restore with other secrets unless they are accepted', async () => {
    const databaseUrl = await emptyDatabase();
    const environment = { ...SECRETS, DATABASE_URL: databaseUrl, API_KEY_SALT: 'another-salt-than-before' };

    const line = refusalOf(await adminCommand(environment, ['restore', path]));

    expect(line).toMatch(
      /^These secrets are not those of the backup: API_KEY_SALT \(.+\); AUDIT_SEAL_SECRET .+\./,
    );
    expect(await relationsOf(databaseUrl)).toEqual([]);
    const { code, output } = await adminCommand(environment, ['restore', path, '--accept-other-secrets']);
    expect(code).toBe(0);
    expect(output).toMatch(/^API_KEY_SALT: not that of the backup; /m);
    expect(output).toMatch(/^BASIC_AUTH_JWT_SECRET: the same as in the backup\.$/m);
  });

  it('refuses to restore as a role that may not create tables', async () => {
    const databaseUrl = await emptyDatabase();

    const line = refusalOf(await adminOn(await asStranger(databaseUrl), 'restore', path));

    expect(line).toContain('permission denied for schema public');
    expect(await relationsOf(databaseUrl)).toEqual([]);
  });

  it('refuses to back up as a role that may not read the tables', async () => {
    const stranger = await asStranger(source);

    const line = await refusedBackup('a.backup', (file) => adminOn(stranger, 'backup', file));

    expect(line).toContain('permission denied for table');
  });

  it('refuses to back up a database that was not migrated', async () => {
    const line = await refusedBackup('a.backup', async (file) =>
      adminOn(await emptyDatabase(), 'backup', file),
    );

    expect(line).toContain('start the server once to migrate it');
  });

  it('refuses to back up the schema of a newer version', async () => {
    const newer = await cloneDatabase();
    await query(
      newer,
      `insert into migrations (timestamp, name) values (1999999999999, 'InventTables1999999999999')`,
    );

    const line = await refusedBackup('a.backup', (file) => adminOn(newer, 'backup', file));

    expect(line).toContain('InventTables1999999999999');
  });

  it('leaves no file when the disk is full', async () => {
    const line = await refusedBackup('a.backup', withSmallFiles);

    expect(line).toMatch(/cannot be written: EFBIG: file too large, write$/m);
  });

  it('refuses to write into a folder that does not exist, and in place of a device', async () => {
    const file = join(folder.path, 'absent', 'a.backup');
    expect(refusalOf(await adminOn(source, 'backup', file))).toContain(`${file} cannot be written: ENOENT`);

    const device = await adminOn(source, 'backup', '/dev/null', '--overwrite');
    expect(refusalOf(device)).toBe('/dev/null cannot be written: it is not a file\n');
  });
});

/** Runs the backup with a limit of 512 bytes on each file that it writes, which fails like a full disk. */
const withSmallFiles = (file: string) =>
  new Promise<{ code: number; output: string; errors: string }>((resolve) => {
    const command = ['-c', 'ulimit -f 1; exec "$@"', 'sh', process.execPath, join(ROOT, 'scripts/admin.mjs')];
    const env = { PATH: process.env['PATH'], DATABASE_URL: source, ...SECRETS };
    execFile('sh', [...command, 'backup', file], { env }, (error, output, errors) =>
      resolve({ code: Number(error?.code ?? 0), output, errors }),
    );
  });
