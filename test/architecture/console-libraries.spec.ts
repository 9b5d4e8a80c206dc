import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

const lock = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, { version?: string }>;
};

it('all packages of Mantine have one version, which each of them requires of the others', () => {
  const found = Object.entries(lock.packages).filter(([path]) =>
    /node_modules\/@mantine\/[a-z-]+$/.test(path),
  );

  expect(found.length).toBeGreaterThan(1);
  expect(new Set(found.map(([, { version }]) => version)).size).toBe(1);
});
