import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { readPeople } from './invite-file.js';

const folder = mkdtempSync(join(tmpdir(), 'invite-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

function read(content: string | Uint8Array) {
  const path = join(folder, 'people.csv');
  writeFileSync(path, content);
  return readPeople(path);
}

it('reads quoted cells, other line ends, empty lines and a byte order mark', async () => {
  const people = await read(
    '\ufeffE-Mail,Name\r\nada@example.com,"Lovelace, ""Ada"""\r\n\r\ngrace@example.com,\r\n',
  );

  expect(people).toMatchObject([
    { line: 2, email: 'ada@example.com', name: 'Lovelace, "Ada"' },
    { line: 4, email: 'grace@example.com', name: '' },
  ]);
});

it.each([
  ['another encoding', Buffer.from('email,name\na@example.com,M\u00fcller\n', 'latin1'), /UTF-8/],
  ['UTF-16', Buffer.from('\ufeffemail\na@example.com\n', 'utf16le'), /UTF-8/],
  ['semicolons', 'email;name\na@example.com;Ada\n', /commas/],
  ['an unknown column', 'email,nmae\n', /names its columns/],
  ['no column of addresses', 'name\n', /names its columns/],
  ['a line with fewer columns', 'email,name\na@example.com\n', /^Line 2 /],
  ['a quote that is not closed', 'email\n"a@example.com\n', /within a quoted text/],
])('refuses a file with %s', async (_, content, message) => {
  await expect(read(content)).rejects.toThrow(message);
});
