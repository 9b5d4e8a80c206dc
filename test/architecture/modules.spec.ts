import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from '@jest/globals';

const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The folders with a Nest module, such as `users` and `auth/oidc`. */
const folders = readdirSync(new URL('../../src/modules', import.meta.url), { recursive: true })
  .map(String)
  .filter((path) => path.endsWith('.module.ts'))
  .map(dirname)
  .sort();

/** The table in .dependency-cruiser.mjs that says which module may import which. */
const { mayImport: table } = (await import(
  new URL('../../.dependency-cruiser.mjs', import.meta.url).href
)) as { mayImport: Record<string, string[]> };
const mayImport = Object.entries(table).map(([module, allowed]) => ({ module, allowed }));

it('.dependency-cruiser.mjs lists exactly the existing modules', () => {
  const listed = mayImport.map(({ module }) => module);
  expect(listed.sort()).toEqual(folders);
});

it('.dependency-cruiser.mjs lists each module after the modules that it may import', () => {
  const before = new Set<string>();
  for (const { module, allowed } of mayImport) {
    expect({ module, listedLater: allowed.filter((name) => !before.has(name)) }).toEqual({
      module,
      listedLater: [],
    });
    before.add(module);
  }
});

/** The folders of `src/modules` that a folder may import, through others too, with `auth` as one folder. */
function foldersBelow(folder: string, below = new Set<string>()): Set<string> {
  const next = mayImport
    .filter(({ module }) => topFolder(module) === folder)
    .flatMap(({ allowed }) => allowed.map(topFolder))
    .filter((other) => other !== folder && !below.has(other));
  for (const other of next) foldersBelow(other, below.add(other));
  return below;
}

const topFolder = (module: string) => module.split('/')[0]!;

it('no folder of src/modules, taken as a whole, may import one that may import it', () => {
  const topFolders = [...new Set(mayImport.map(({ module }) => topFolder(module)))];
  expect(topFolders).toContain('auth');
  expect(topFolders.filter((folder) => foldersBelow(folder).has(folder))).toEqual([]);
});

it('the application imports the modules in the order of .dependency-cruiser.mjs', () => {
  const [, list] = /const MODULES = \[\n([\s\S]+?)\n\];/.exec(text('src/app.module.ts'))!;
  const imported = [...list!.matchAll(/(\w+)Module/g)].map(([, name]) => name!);
  expect(imported).toEqual(mayImport.map(({ module }) => pascalCase(module.split('/').at(-1)!)));
});

const pascalCase = (name: string) =>
  name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());

it('every module of the application has an index.ts with named exports', () => {
  for (const folder of folders) {
    const index = text(`src/modules/${folder}/index.ts`);
    expect(index.match(/^export \*/m)).toBeNull();
    expect(text('src/app.module.ts')).toContain(`./modules/${folder}/index.js`);
  }
});
