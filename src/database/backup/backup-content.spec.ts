import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type BackupHeader, BackupReader, encodeHeader, END_OF_TABLE } from './backup-content.js';

const CHUNK_BYTES = 1 << 18; // of the decompressed file, as it is read
const HEADER = encodeHeader({ tables: [{ name: 'first', columns: ['a'] }] } as unknown as BackupHeader);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenantry-backup-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function tablesOf(...tables: string[]): Promise<string[]> {
  const path = join(folder, 'content.backup');
  const rows = tables.map((lines) => lines + END_OF_TABLE);
  writeFileSync(path, gzipSync(Buffer.concat([HEADER, ...rows.map((text) => Buffer.from(text))])));
  const reader = new BackupReader(path);
  await reader.readHeader();
  const read: string[] = [];
  for (const _ of tables) read.push((await buffer(reader.readTable())).toString());
  return read;
}

it.each([0, 1, 2, 3])('finds the end of a table of which %d bytes are in the next chunk', async (bytes) => {
  const length = CHUNK_BYTES + bytes - END_OF_TABLE.length - HEADER.length;
  const lines = `${'x'.repeat(length - 1)}\n`;

  expect(await tablesOf(lines, 'last\n')).toEqual([lines, 'last\n']);
});

it('reads empty tables, and rows longer than a chunk', async () => {
  const long = `${'y'.repeat(3 * CHUNK_BYTES)}\n1\n`;

  expect(await tablesOf('', long, '')).toEqual(['', long, '']);
});

it('reads rows that contain backslashes, as COPY escapes them', async () => {
  const lines = '\\\\.\na\\\\.\n\\N\n';

  expect(await tablesOf(lines, lines)).toEqual([lines, lines]);
});
