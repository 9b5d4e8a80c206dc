import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const folders = readdirSync(new URL('../../src/modules', import.meta.url)).sort();

/** Keys of the one table that says who may import whom. */
const listed = () => {
  const [, table] = /const mayImport = \{\n([\s\S]+?)\n\};/.exec(text('.dependency-cruiser.mjs'))!;
  return [...table!.matchAll(/^ {2}'?([a-z-]+)'?: \[/gm)].map(([, name]) => name!);
};

it('every module is listed in .dependency-cruiser.mjs, and nothing else is', () => {
  expect(listed().sort()).toEqual(folders);
});

it('every module is entered by a face that names what it shows, and is part of the application', () => {
  for (const folder of folders) {
    const face = text(`src/modules/${folder}/index.ts`);
    expect(face.match(/^export \*/m)).toBeNull();
    expect(text('src/app.module.ts')).toContain(`./modules/${folder}/index.js`);
  }
});
