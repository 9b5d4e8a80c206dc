import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';

const root = new URL('../../', import.meta.url).pathname;

/** The folders that the files of each folder import, with `src` and `src/modules/settings` as two folders of their own. */
const importedFolders = new Map<string, Set<string>>();
for (const name of readdirSync(join(root, 'src'), { recursive: true }).map(String)) {
  if (!name.endsWith('.ts') || name.endsWith('.spec.ts')) continue;
  const folder = dirname(join('src', name));
  const found = importedFolders.get(folder) ?? new Set();
  importedFolders.set(folder, found);
  for (const [, path] of readFileSync(join(root, 'src', name), 'utf8').matchAll(/'(\.{1,2}\/[^'\n]+)\.js'/g))
    found.add(dirname(join(folder, path!)));
  found.delete(folder);
}

/** All folders that one can get to from a folder by following imports. */
function reachableFrom(folder: string): Set<string> {
  const reached = new Set<string>();
  const visit = (next: string) => {
    if (reached.has(next)) return;
    reached.add(next);
    for (const imported of importedFolders.get(next) ?? []) visit(imported);
  };
  for (const imported of importedFolders.get(folder) ?? []) visit(imported);
  return reached;
}

it('no folder of src imports, directly or through others, a folder that imports it', () => {
  // The rule of dependency-cruiser leaves out cycles between a folder and the folder that contains it.
  const inCycle = [...importedFolders.keys()].filter((folder) => reachableFrom(folder).has(folder));

  expect(importedFolders.size).toBeGreaterThan(50);
  expect(inCycle).toEqual([]);
});
