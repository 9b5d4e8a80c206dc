import { readdirSync, readFileSync, statSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect, it } from '@jest/globals';

type Described = {
  summary?: string;
  'x-task': string;
  parameters?: {
    name: string;
    in: string;
    schema: object;
    example?: string;
    'x-found-in'?: string;
  }[];
  requestBody?: { content: Record<string, { schema: object; example?: unknown }> };
};
type Description = {
  paths: Record<string, Record<string, Described>>;
  'x-ids': Record<string, { list: string; example: string }>;
};

const served = JSON.parse(
  readFileSync(new URL('../../openapi/served.json', import.meta.url), 'utf8'),
) as Description;
const operations = Object.entries(served.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, described]) => ({
    name: `${method.toUpperCase()} ${path}`,
    path,
    ...described,
  })),
);
/** In bytes. The page renders the description; what people read about an operation belongs to the description. */
const MAX_PAGE_SIZE = 45_000;
const PAGE = new URL('../../reference-page/', import.meta.url);

const bodyOf = ({ requestBody }: Described) => requestBody?.content['application/json'];

it('every operation has a task and a title (if not, add it to src/openapi/reference/)', () => {
  const unplaced = operations.filter((one) => one['x-task'] === 'Everything else').map(({ name }) => name);

  expect(unplaced).toEqual([]);
});

it('no two operations have the same title', () => {
  const byTitle = Map.groupBy(operations, ({ summary }) => summary);

  expect(
    [...byTitle.values()].filter((alike) => alike.length > 1).map((alike) => alike.map(({ name }) => name)),
  ).toEqual([]);
});

it('every body has an example, and every example of a body or parameter is valid as it stands', () => {
  const ajv = addFormats.default(new Ajv({ strict: false, allErrors: true }));
  ajv.addSchema({ $id: 'served', ...served });
  const unfit = operations.flatMap((operation) => {
    const body = bodyOf(operation);
    const parameters = (operation.parameters ?? []).filter(({ example }) => example !== undefined);
    return [...(body ? [body] : []), ...parameters].flatMap(({ schema, example }) => {
      if (example === undefined) return [`${operation.name}: no example`];
      const resolved = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"served#/')) as object;
      return ajv.validate(resolved, example) ? [] : [`${operation.name}: ${ajv.errorsText()}`];
    });
  });

  expect(unfit).toEqual([]);
});

it('every id has a source (if not, add it to src/openapi/reference/task.ts)', () => {
  const inPaths = operations.flatMap(({ name, parameters = [] }) =>
    parameters
      .filter(
        (one) => one.in === 'path' && !one['x-found-in'] && !one.example && one.name !== 'sso_login_slug',
      )
      .map((one) => `${name}: ${one.name}`),
  );
  const lists = operations.flatMap(({ parameters = [] }) =>
    parameters.flatMap((one) => one['x-found-in'] ?? []),
  );

  expect(inPaths).toEqual([]);
  for (const list of [...lists, ...Object.values(served['x-ids']).map((id) => id.list)])
    expect(served.paths).toHaveProperty([list, 'get']);
});

it('the reference page stays below its size limit', () => {
  const sizes = readdirSync(PAGE).map((file) => statSync(new URL(file, PAGE)).size);

  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MAX_PAGE_SIZE);
});
