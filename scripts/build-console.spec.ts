import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

const SCRIPT = 'scripts/build-console.mjs';
const PAGE = 'console/dist/index.html';
const GENERATED = 'packages/client/src/generated/schema.ts';
const SOURCES = ['console/src/main.tsx', 'packages/client/src/client.ts', 'package-lock.json'];

let root: string;
let isOutdated: () => boolean;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'tenantry-console-'));
  for (const name of [PAGE, GENERATED, ...SOURCES]) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), '');
  }
  cpSync(fileURLToPath(new URL(`../${SCRIPT}`, import.meta.url)), join(root, SCRIPT));
  ({ consoleIsOutdated: isOutdated } = await import(join(root, SCRIPT)));
});
afterAll(() => rmSync(root, { recursive: true }));

const changeIn = (name: string, seconds: number) => {
  const at = new Date(Date.now() + seconds * 1000);
  utimesSync(join(root, name), at, at);
};

it('is outdated when a source is newer than the build', () => {
  for (const source of SOURCES) {
    changeIn(PAGE, 60);
    expect([source, isOutdated()]).toEqual([source, false]);
    changeIn(source, 120);
    expect([source, isOutdated()]).toEqual([source, true]);
    changeIn(source, 0);
  }
});

it('is not outdated when the types of the client are generated again, which the build does not contain', () => {
  changeIn(PAGE, 60);
  changeIn(GENERATED, 120);

  expect(isOutdated()).toBe(false);
});
