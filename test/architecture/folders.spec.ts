import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';

const root = new URL('../../', import.meta.url).pathname;

/** Relative imports of modules: `src` names them with their ending, the console without one. */
const IMPORTS = { src: /'(\.{1,2}\/[^'\n]+)\.js'/g, 'console/src': /'((?:\.{1,2}\/)+[\w/-]+)'/g };

type Folders = ReadonlyMap<string, ReadonlySet<string>>;

/** The folders that the files of each folder import, with `src` and `src/modules/settings` as two folders of their own. */
function importedFolders(top: keyof typeof IMPORTS): Folders {
  const folders = new Map<string, Set<string>>();
  for (const name of readdirSync(join(root, top), { recursive: true }).map(String)) {
    if (!/(?<!\.spec)\.tsx?$/.test(name)) continue;
    const folder = dirname(join(top, name));
    const found = folders.get(folder) ?? new Set();
    folders.set(folder, found);
    for (const [, path] of readFileSync(join(root, top, name), 'utf8').matchAll(IMPORTS[top]))
      found.add(dirname(join(folder, path!)));
    found.delete(folder);
  }
  return folders;
}

/** All folders that one can get to from a folder by following imports. */
function reachableFrom(folder: string, folders: Folders): Set<string> {
  const reached = new Set<string>();
  const visit = (next: string) => {
    if (reached.has(next)) return;
    reached.add(next);
    for (const imported of folders.get(next) ?? []) visit(imported);
  };
  for (const imported of folders.get(folder) ?? []) visit(imported);
  return reached;
}

it.each(['src', 'console/src'] as const)(
  'no folder of %s imports, directly or through others, a folder that imports it',
  (top) => {
    // The rule of dependency-cruiser leaves out cycles between a folder and the folder that contains it.
    const folders = importedFolders(top);
    const inCycle = [...folders.keys()].filter((folder) => reachableFrom(folder, folders).has(folder));

    expect(folders.size).toBeGreaterThan(50);
    expect(inCycle).toEqual([]);
  },
);
