import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

it('openapi/served.json is the description of this server (if not, run `npm run openapi:write`)', () => {
  const check = () => execFileSync(process.execPath, ['scripts/openapi-write.mjs', 'check'], { cwd: ROOT });

  expect(check).not.toThrow();
});

type Described = {
  servers?: { url: string }[];
  paths: Record<string, Record<string, { operationId?: string }>>;
};

const described = (file: string) => JSON.parse(readFileSync(`${ROOT}openapi/${file}`, 'utf8')) as Described;

/** The ids of operations, or null, by method and path. */
const idsOf = ({ paths }: Described) =>
  new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => [`${method} ${path}`, operationId ?? null]),
    ),
  );

describe('operation ids', () => {
  const served = idsOf(described('served.json'));
  const published = idsOf(described('published.lock.json'));

  it('are those of the published description, which has 13 operations without an id', () => {
    expect([...published].filter(([, id]) => id === null)).toHaveLength(13);
    for (const [operation, id] of published)
      expect([operation, served.get(operation)]).toEqual([operation, id]);
  });

  it('name each other operation', () => {
    const unnamed = [...served].filter(([operation, id]) => id === null && !published.has(operation));

    expect(unnamed).toEqual([]);
  });

  it('are unique and can be names of functions', () => {
    const ids = [...served.values()].filter((id) => id !== null);

    for (const id of ids) expect(id).toMatch(/^[a-z]\w+$/);
    expect(ids.length).toBe(new Set(ids).size);
  });
});

it('the description in the file names the address from which it is read as the server', () => {
  expect(described('served.json').servers).toEqual([{ url: '/' }]);
});
