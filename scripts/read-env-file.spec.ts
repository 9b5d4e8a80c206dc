import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const FLAG = `--import=${fileURLToPath(new URL('read-env-file.mjs', import.meta.url))}`;

/** PORT and HOST in a process that is started in the folder. */
const settingsIn = (cwd: string) =>
  execFileSync(process.execPath, [FLAG, '-p', '`${process.env.PORT} ${process.env.HOST}`'], {
    cwd,
    env: { PORT: '1' },
    encoding: 'utf8',
  });

it('an .env file is read without output if it exists, and does not replace variables that are set', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-env-'));
  try {
    expect(settingsIn(folder)).toBe('1 undefined\n');

    writeFileSync(join(folder, '.env'), 'PORT=2\nHOST=there\n');
    expect(settingsIn(folder)).toBe('1 there\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
