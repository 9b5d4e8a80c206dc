import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const folders = readdirSync(new URL('../../src/modules', import.meta.url)).sort();

/** Keys of the table in .dependency-cruiser.mjs that says which module may import which. */
const listed = () => {
  const [, table] = /const mayImport = \{\n([\s\S]+?)\n\};/.exec(text('.dependency-cruiser.mjs'))!;
  return [...table!.matchAll(/^ {2}'?([a-z-]+)'?: \[/gm)].map(([, name]) => name!);
};

it('.dependency-cruiser.mjs lists exactly the existing modules', () => {
  expect(listed().sort()).toEqual(folders);
});

it('every module of the application has an index.ts with named exports', () => {
  for (const folder of folders) {
    const face = text(`src/modules/${folder}/index.ts`);
    expect(face.match(/^export \*/m)).toBeNull();
    expect(text('src/app.module.ts')).toContain(`./modules/${folder}/index.js`);
  }
});
