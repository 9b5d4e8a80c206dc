import {
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { addEntry, readCredentials, removeEntry } from './credentials-file.js';

const folder = mkdtempSync(join(tmpdir(), 'credentials-'));
const before = process.env['XDG_CONFIG_HOME'];
beforeAll(() => void (process.env['XDG_CONFIG_HOME'] = folder));
afterAll(() => {
  if (before === undefined) delete process.env['XDG_CONFIG_HOME'];
  else process.env['XDG_CONFIG_HOME'] = before;
  rmSync(folder, { recursive: true });
});

const url = (number: number) => `https://${number}.example.com`;
const NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8];

it('loses no login when several are made at the same time', async () => {
  await Promise.all(NUMBERS.map((each) => addEntry(url(each), { url: url(each), token: `lsv2_pt_${each}` })));
  expect(Object.keys((await readCredentials()).servers).toSorted()).toEqual(NUMBERS.map(url));

  await Promise.all(NUMBERS.slice(1).map((each) => removeEntry(url(each))));
  expect((await readCredentials()).servers).toEqual({ [url(1)]: { url: url(1), token: 'lsv2_pt_1' } });
  expect(readdirSync(join(folder, 'tenantry'))).toEqual(['credentials.json']);
});

it('does not follow a link in place of the file, whose keys may be those of somebody else', async () => {
  const [path, target] = [join(folder, 'tenantry', 'credentials.json'), join(folder, 'target.json')];
  renameSync(path, target);
  symlinkSync(target, path);

  await expect(readCredentials()).rejects.toThrow(`${path} cannot be read`);
  await expect(addEntry(url(9), { url: url(9), token: 'lsv2_pt_9' })).rejects.toThrow('cannot be read');

  rmSync(path);
  renameSync(target, path);
  expect((await readCredentials()).servers).toHaveProperty([url(1)]);
});

it('names the file that a command has left when it was killed', async () => {
  const draft = join(folder, 'tenantry', 'credentials.json.new');
  writeFileSync(draft, '');

  await expect(removeEntry(url(1))).rejects.toThrow(`If no other tenantry runs, delete ${draft}.`);
  expect(existsSync(draft)).toBe(true);
});
