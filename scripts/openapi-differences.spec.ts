import { afterAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { differences } from './openapi-differences.ts';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: unknown) => ({ content: { 'application/json': { schema } } });

const path = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
const query = { name: 'limit', in: 'query', schema: { type: 'integer', default: 10 } };
const total = { schema: { type: 'string' } };
const ok = { description: 'OK', headers: { 'X-Total': total }, ...json(ref('Role')) };
const refused = { description: 'Refused', ...json({ type: 'array', items: { type: 'string' } }) };
const operation = {
  operationId: 'update_role',
  security: [{ 'API Key': [] }, { 'Bearer Auth': [] }],
  parameters: [path, query],
  requestBody: { required: true, ...json(ref('RoleUpdate')) },
  responses: { 200: ok, 422: refused },
};
const role = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string', format: 'uuid' }, parent: ref('Role') },
};
const update = { type: 'object', properties: { name: { type: 'string' } } };
const schemes = {
  'API Key': { type: 'apiKey', in: 'header', name: 'X-API-Key' },
  'Bearer Auth': { type: 'http', scheme: 'bearer' },
};

/** A description with one operation, which uses every component. */
function description({ served = {}, schemas = {}, securitySchemes = {}, paths = {} } = {}) {
  return {
    openapi: '3.1.0',
    paths: { '/roles/{id}': { patch: { ...operation, ...served } }, ...paths },
    components: {
      schemas: { Role: role, RoleUpdate: update, ...schemas },
      securitySchemes: { ...schemes, ...securitySchemes },
    },
  };
}

const published = description();
const whenOperationHas = (served: object) => differences(published, description({ served })).differences;

/** Compares two schemas of one property. */
function compareSchemas(publishedSchema: unknown, servedSchema: unknown) {
  const holding = (part: unknown) =>
    description({ schemas: { RoleUpdate: { type: 'object', properties: { part } } } });
  return differences(holding(publishedSchema), holding(servedSchema));
}

describe('two descriptions of the same API', () => {
  it('finds no difference between a description and itself, although its schemas are recursive', () => {
    expect(differences(published, description())).toEqual({ differences: [], additions: [], missing: [] });
  });

  it('ignores the order of security schemes, and underscores instead of spaces in their names', () => {
    const served = { security: [{ Bearer_Auth: [] }, { API_Key: [] }] };
    const underscored = {
      ...description({ served }),
      components: {
        ...published.components,
        securitySchemes: { API_Key: schemes['API Key'], Bearer_Auth: schemes['Bearer Auth'] },
      },
    };
    expect(differences(published, underscored).differences).toEqual([]);
    expect(differences(underscored, published).differences).toEqual([]);
  });

  it('resolves the security of all operations and the parameters of a path', () => {
    const { security, parameters, ...rest } = operation;
    const paths = { '/roles/{id}': { parameters, patch: rest } };
    expect(differences(published, { ...published, security, paths }).differences).toEqual([]);
  });

  it('resolves parameters, bodies and responses that are components', () => {
    const served = description({
      served: {
        parameters: [{ $ref: '#/components/parameters/Id' }, query],
        requestBody: { $ref: '#/components/requestBodies/Update' },
        responses: { ...operation.responses, 200: { $ref: '#/components/responses/Role' } },
      },
    });
    const components = {
      ...served.components,
      parameters: { Id: path },
      requestBodies: { Update: operation.requestBody },
      responses: { Role: operation.responses[200] },
    };
    expect(differences(published, { ...served, components }).differences).toEqual([]);
  });

  it('ignores tags, summaries, titles, descriptions and examples', () => {
    const described = { title: 'Id', description: 'Of a role', example: 'a', examples: ['b'] };
    const served = {
      tags: ['roles'],
      summary: 'Update',
      description: 'Updates',
      parameters: [{ ...path, ...described }, query],
    };
    expect(whenOperationHas(served)).toEqual([]);
    expect(compareSchemas({ type: 'string' }, { type: 'string', ...described }).differences).toEqual([]);
  });

  it('treats an omitted default value like an explicit one', () => {
    const parameters = [path, { ...query, required: false, deprecated: false, style: 'form', explode: true }];
    expect(whenOperationHas({ deprecated: false, parameters })).toEqual([]);
  });

  it('ignores an operationId where none is published', () => {
    const unnamed = description({ served: { operationId: undefined } });
    expect(differences(unnamed, published).differences).toEqual([]);
  });

  it.each<[string, unknown, unknown]>([
    [
      'anyOf and a type list',
      { anyOf: [{ type: 'string', format: 'uuid' }, { type: 'null' }] },
      { type: ['null', 'string'], format: 'uuid' },
    ],
    [
      'anyOf and nullable',
      { anyOf: [{ type: 'string' }, { type: 'null' }] },
      { type: 'string', nullable: true },
    ],
    [
      'oneOf and nullable',
      { oneOf: [{ type: 'string' }, { type: 'null' }] },
      { type: 'string', nullable: true },
    ],
    [
      'a nullable variant',
      { anyOf: [{ type: 'string' }, { type: 'integer' }, { type: 'null' }] },
      { anyOf: [{ type: 'integer', nullable: true }, { type: 'string' }] },
    ],
    [
      'a nullable reference',
      { anyOf: [ref('Role'), { type: 'null' }] },
      { allOf: [ref('Role')], nullable: true },
    ],
    [
      'a nullable reference of OpenAPI 3.0',
      { anyOf: [ref('Role'), { type: 'null' }] },
      { type: 'object', allOf: [ref('Role')], nullable: true },
    ],
    [
      'a nullable enum',
      { anyOf: [{ type: 'string', enum: ['a'] }, { type: 'null' }] },
      { type: ['string', 'null'], enum: ['a', null] },
    ],
    ['a reference with siblings', { ...ref('Role'), default: {} }, { allOf: [ref('Role')], default: {} }],
    ['any value', {}, true],
    ['an array of any value', { type: 'array', items: {} }, { type: 'array' }],
    ['the order in an enum', { enum: ['a', 'b'] }, { enum: ['b', 'a'] }],
    [
      'the order in anyOf',
      { anyOf: [ref('Role'), { type: 'string', title: 'A' }] },
      { anyOf: [{ type: 'string' }, ref('Role')] },
    ],
    ['the order in required', { required: ['a', 'b'] }, { required: ['b', 'a'] }],
    ['the order of keys', { default: { a: 1, b: 2 } }, { default: { b: 2, a: 1 } }],
  ])('treats schemas as equal that differ only in the notation of %s', (_name, one, other) => {
    expect(compareSchemas(one, other).differences).toEqual([]);
    expect(compareSchemas(other, one).differences).toEqual([]);
  });
});

describe('a difference in an operation', () => {
  const place = 'PATCH /roles/{id}';

  it.each<[string, object, string[]]>([
    [
      'another operationId',
      { operationId: 'patchRole' },
      ['operationId "patchRole", published "update_role"'],
    ],
    ['deprecation', { deprecated: true }, ['deprecated true, published false']],
    [
      'fewer ways to sign in',
      { security: [{ 'API Key': [] }] },
      ['security API Key, published API Key | Bearer Auth'],
    ],
    [
      'schemes needed together',
      { security: [{ 'Bearer Auth': [], 'API Key': [] }] },
      ['security API Key + Bearer Auth, published API Key | Bearer Auth'],
    ],
    ['no security', { security: [] }, ['security none, published API Key | Bearer Auth']],
    ['a missing parameter', { parameters: [path] }, ['query parameter limit: missing']],
    [
      'a parameter elsewhere',
      { parameters: [path, { ...query, in: 'header' }] },
      ['query parameter limit: missing'],
    ],
    [
      'a parameter now required',
      { parameters: [path, { ...query, required: true }] },
      ['query parameter limit: required true, published false'],
    ],
    [
      'a parameter now deprecated',
      { parameters: [path, { ...query, deprecated: true }] },
      ['query parameter limit: deprecated true, published false'],
    ],
    [
      'another list style',
      { parameters: [path, { ...query, explode: false }] },
      ['query parameter limit: explode false, published true'],
    ],
    [
      'another parameter type',
      { parameters: [{ ...path, schema: { type: 'integer' } }, query] },
      ['path parameter id: type integer, published string'],
    ],
    [
      'a new required parameter',
      { parameters: [path, query, { ...path, name: 'org' }] },
      ['path parameter org: not published'],
    ],
    ['no request body', { requestBody: undefined }, ['request body: missing']],
    [
      'an optional request body',
      { requestBody: json(ref('RoleUpdate')) },
      ['request body: required false, published true'],
    ],
    [
      'another component in the request',
      { requestBody: { required: true, ...json(ref('Role')) } },
      ['request body: type $ref Role, published $ref RoleUpdate'],
    ],
    [
      'another content type',
      { requestBody: { required: true, content: { 'text/plain': {} } } },
      ['request body: content application/json: missing'],
    ],
    ['a missing status', { responses: { 200: ok } }, ['response 422: missing']],
    [
      'a missing response header',
      { responses: { 200: json(ref('Role')), 422: refused } },
      ['response 200: header x-total: missing'],
    ],
    [
      'another response header',
      {
        responses: { 200: { ...ok, headers: { 'x-total': { schema: { type: 'integer' } } } }, 422: refused },
      },
      ['response 200: header x-total: type integer, published string'],
    ],
    [
      'an empty response',
      { responses: { 200: ok, 422: { description: 'Refused' } } },
      ['response 422: content application/json: missing'],
    ],
    [
      'another response',
      { responses: { 200: ok, 422: json({ type: 'array', items: { type: 'integer' } }) } },
      ['response 422: []: type integer, published string'],
    ],
    [
      'a component spelled out',
      { responses: { 200: { ...ok, ...json(role) }, 422: refused } },
      ['response 200: type object, published $ref Role'],
    ],
  ])('reports an operation with %s', (_name, served, lines) => {
    expect(whenOperationHas(served)).toEqual(lines.map((line) => `${place}: ${line}`));
  });
});

describe('a difference in a schema', () => {
  it.each<[string, unknown, unknown, string]>([
    ['type', { type: 'integer' }, { type: 'number' }, ': type number, published integer'],
    ['nullability', { type: ['string', 'null'] }, { type: 'string' }, ': type string, published string|null'],
    [
      'nullability of a reference',
      { anyOf: [ref('Role'), { type: 'null' }] },
      ref('Role'),
      ': type $ref Role, published $ref Role|null',
    ],
    [
      'variants',
      { anyOf: [{ type: 'string' }, { type: 'integer' }] },
      { anyOf: [{ type: 'string' }, { type: 'boolean' }] },
      ': type anyOf (boolean, string), published anyOf (integer, string)',
    ],
    [
      'one variant',
      { anyOf: [{ type: 'string', format: 'uuid' }, { type: 'integer' }] },
      { anyOf: [{ type: 'string' }, { type: 'integer' }] },
      '|anyOf 2: format absent, published "uuid"',
    ],
    ['component name', ref('Role'), ref('RoleUpdate'), ': type $ref RoleUpdate, published $ref Role'],
    [
      'a component named like a type',
      ref('string'),
      { type: 'string' },
      ': type string, published $ref string',
    ],
    ['format', { type: 'string', format: 'uuid' }, { type: 'string' }, ': format absent, published "uuid"'],
    ['enum', { enum: ['a', 'b'] }, { enum: ['b', 'c'] }, ': enum lacks "a", adds "c"'],
    ['a smaller enum', { enum: ['a', 'b'] }, { enum: ['b'] }, ': enum lacks "a", adds nothing'],
    ['an open enum', { type: 'string', enum: ['a'] }, { type: 'string' }, ': enum absent, published ["a"]'],
    ['const', { const: 'a' }, { const: 'b' }, ': const "b", published "a"'],
    ['default', { default: [] }, { default: ['a'] }, ': default ["a"], published []'],
    [
      'default keys that look like annotations',
      { default: { title: 'a' } },
      { default: { title: 'b' } },
      ': default {"title":"b"}, published {"title":"a"}',
    ],
    [
      'default of a reference',
      { ...ref('Role'), default: {} },
      ref('Role'),
      ': default absent, published {}',
    ],
    ['pattern', { pattern: '^a$' }, { pattern: '^b$' }, ': pattern "^b$", published "^a$"'],
    ['length', { minLength: 1 }, { minLength: 2 }, ': minLength 2, published 1'],
    ['bound', { maximum: 100 }, {}, ': maximum absent, published 100'],
    ['deprecation of a property', { deprecated: true }, {}, ': deprecated absent, published true'],
    [
      'array items',
      { type: 'array', items: ref('Role') },
      { type: 'array' },
      '[]: type any, published $ref Role',
    ],
    ['no further properties', { additionalProperties: false }, {}, '{}: additionalProperties: missing'],
    [
      'additional properties',
      { additionalProperties: { type: 'string' } },
      { additionalProperties: true },
      '{}: type any, published string',
    ],
    [
      'unpublished additional properties',
      {},
      { additionalProperties: { type: 'string' } },
      '{}: additionalProperties: not published',
    ],
    ['a missing property', { properties: { a: {} } }, { properties: {} }, '.a: missing'],
    [
      'a missing property with the name of an annotation',
      { properties: { title: {} } },
      {},
      '.title: missing',
    ],
    [
      'a missing property that every object inherits',
      { properties: { constructor: {} } },
      { properties: {} },
      '.constructor: missing',
    ],
    [
      'a property no longer required',
      { properties: { a: {} }, required: ['a'] },
      { properties: { a: {} } },
      '.a: required false, published true',
    ],
    ['a required property that is not declared', { required: ['a'] }, {}, '.a: missing'],
    [
      'a new required property',
      { properties: {} },
      { properties: { a: {} }, required: ['a'] },
      '.a: not published',
    ],
    ['a schema that allows nothing', {}, false, ': type never, published any'],
  ])('reports a schema that differs from the published one: %s', (_name, ours, theirs, line) => {
    expect(compareSchemas(ours, theirs).differences).toEqual([
      `PATCH /roles/{id}: request body: RoleUpdate.part${line}`,
    ]);
  });

  it('reports a differing component once, at its first use', () => {
    const schemas = { Role: { ...role, properties: { ...role.properties, id: { type: 'string' } } } };
    const paths = { '/roles': { get: { responses: { 200: ok } } } };
    expect(differences(description({ paths }), description({ paths, schemas })).differences).toEqual([
      'PATCH /roles/{id}: response 200: Role.id: format absent, published "uuid"',
    ]);
  });

  it('reports a differing component that no operation uses', () => {
    const unused = (type: string) => description({ schemas: { Unused: { type } } });
    expect(differences(unused('string'), unused('integer')).differences).toEqual([
      'components: Unused: type integer, published string',
    ]);
    expect(differences(unused('string'), published).differences).toEqual(['components: Unused: missing']);
  });

  it('reports a differing security scheme once, regardless of its documentation', () => {
    const moved = { 'API Key': { ...schemes['API Key'], name: 'X-Key', description: 'A key' } };
    expect(differences(published, description({ securitySchemes: moved })).differences).toEqual([
      'PATCH /roles/{id}: security scheme API Key: name "X-Key", published "X-API-Key"',
    ]);
  });
});

describe('a served part that is not published', () => {
  it('lists as additions what breaks no client', () => {
    const served = {
      parameters: [path, query, { ...query, name: 'offset' }],
      responses: {
        ...operation.responses,
        200: { ...ok, headers: { 'X-Total': total, 'X-Page': total } },
        404: refused,
      },
    };
    const schemas = { Role: { ...role, properties: { ...role.properties, extra: {} } } };
    const paths = { '/roles': { get: operation } };
    expect(differences(published, description({ served, schemas, paths }))).toEqual({
      differences: [],
      additions: [
        'PATCH /roles/{id}: response 200: Role.extra',
        'PATCH /roles/{id}: response 200: header x-page',
        'PATCH /roles/{id}: query parameter offset',
        'PATCH /roles/{id}: response 404',
        'GET /roles',
      ],
      missing: [],
    });
  });

  it('lists an unpublished request body as an addition if it is optional, else as a difference', () => {
    const without = description({ served: { requestBody: undefined } });
    const optional = description({ served: { requestBody: json({}) } });
    expect(differences(without, optional).additions).toEqual(['PATCH /roles/{id}: request body']);
    expect(differences(without, published).differences).toEqual([
      'PATCH /roles/{id}: request body: not published',
    ]);
  });
});

describe('a published operation that is not served', () => {
  const paths = { '/teams': { get: { responses: { 200: json(ref('Team')) } } } };
  const larger = description({ paths, schemas: { Team: { type: 'object' } } });

  it('reports a missing operation and the components that only it uses', () => {
    expect(differences(larger, published)).toEqual({
      differences: ['GET /teams: missing', 'components: Team: missing'],
      additions: [],
      missing: ['GET /teams'],
    });
  });

  it('lists a missing operation without a difference with `onlyServed`', () => {
    expect(differences(larger, published, { onlyServed: true })).toEqual({
      differences: [],
      additions: [],
      missing: ['GET /teams'],
    });
  });

  it('reports the differences of served operations with `onlyServed`', () => {
    const served = description({ served: { operationId: 'other' } });
    expect(differences(larger, served, { onlyServed: true }).differences).toEqual([
      'PATCH /roles/{id}: operationId "other", published "update_role"',
    ]);
  });
});

describe('openapi-compare', () => {
  const folder = mkdtempSync(join(tmpdir(), 'openapi-compare-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const script = fileURLToPath(new URL('./openapi-compare.ts', import.meta.url));
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const run = (...args: string[]) => spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });

  const same = file('published.json', JSON.stringify(published));
  const renamed = file('renamed.json', JSON.stringify(description({ served: { operationId: 'other' } })));

  it('exits with 0 if nothing differs', () => {
    expect(run(same, '--served', same)).toMatchObject({
      status: 0,
      stdout: '0 differences, 0 accepted, 0 additions, 0 error responses of operations\n',
    });
  });

  it('exits with 1 and lists the differences', () => {
    expect(run(same, '--served', renamed)).toMatchObject({
      status: 1,
      stdout:
        'differences:\n  PATCH /roles/{id}: operationId "other", published "update_role"\n\n1 differences, 0 accepted, 0 additions, 0 error responses of operations\n',
    });
  });

  it('counts the responses with an error that the published description does not name', () => {
    const withResponses = file(
      'errors.json',
      JSON.stringify(description({ served: { responses: { ...operation.responses, 409: {} } } })),
    );
    expect(run(same, '--served', withResponses)).toMatchObject({
      status: 0,
      stdout: '0 differences, 0 accepted, 0 additions, 1 error responses of operations\n',
    });
  });

  it('counts the operations that are not served yet', () => {
    const none = file('none.json', JSON.stringify({ openapi: '3.0.0', paths: {} }));
    expect(run(same, '--served', none, '--only-served')).toMatchObject({
      status: 0,
      stdout:
        'skipped 1 published operations that are not served yet\n0 differences, 0 accepted, 0 additions, 0 error responses of operations\n',
    });
  });

  it('compares several descriptions and the table of additions, and exits with 1 if one of them differs', () => {
    const table = (status: number) =>
      file(`additions-${status}.json`, JSON.stringify([{ operation: 'PATCH /roles/{id}', status }]));

    expect(run(same, same, '--served', same, '--additions', table(200))).toMatchObject({ status: 0 });
    const { status, stdout } = run(same, '--served', same, '--additions', table(207));
    expect(status).toBe(1);
    expect(stdout).toContain('missing additions:\n  PATCH /roles/{id}: response 207: missing\n');
    expect(stdout).toContain('1 missing of 1 additions');
    expect(run(same, renamed, '--served', same).status).toBe(1);
  });

  it.each<[string, string[], string]>([
    ['no file', [], 'give a published description'],
    ['an unknown option', [same, '--strict'], "Unknown option '--strict'"],
    ['a missing file', [join(folder, 'absent.json')], 'cannot be read'],
    ['a file that is not JSON', [file('text.json', 'openapi: 3.1.0')], 'is not JSON'],
    ['JSON that is not an object', [file('null.json', 'null')], 'is not an OpenAPI 3 description'],
    ['Swagger 2', [file('swagger.json', '{"swagger":"2.0","paths":{}}')], 'is not an OpenAPI 3 description'],
  ])('exits with 2 when given %s', (_name, args, message) => {
    const { status, stderr } = run(...args, '--served', same);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});
