import { expect, it } from '@jest/globals';
import { missingAdditions } from './openapi/additions.ts';

const ROW = {
  type: 'object',
  properties: { id: {}, owner: { anyOf: [{ $ref: '#/components/schemas/Owner' }, { type: 'null' }] } },
};
const SERVED = {
  paths: {
    '/rows': {
      get: {
        parameters: [
          { in: 'query', name: 'cursor' },
          { in: 'path', name: 'size' },
        ],
        responses: {
          200: {
            content: {
              'application/json': {
                schema: { type: 'object', properties: { items: { type: 'array', items: ROW } } },
              },
            },
          },
          403: {},
        },
      },
      post: { requestBody: { content: { 'application/json': { schema: ROW } } }, responses: { 204: {} } },
    },
  },
  components: { schemas: { Owner: { type: 'object', properties: { name: {} } } } },
};
const missing = (addition: object) =>
  missingAdditions([{ operation: 'GET /rows', status: 200, ...addition }], SERVED);

it('finds nothing missing in what is served, below lists, references and alternatives', () => {
  expect(missing({ query: ['cursor'], response: ['items.id', 'items.owner.name'], errors: [403] })).toEqual(
    [],
  );
  expect(missing({ operation: 'POST /rows', status: 204, body: ['id'] })).toEqual([]);
});

it('names operations, statuses, query parameters and members that are missing', () => {
  expect(missing({ operation: 'PUT /rows' })).toEqual(['PUT /rows: missing']);
  expect(missing({ status: 201, query: ['size'], errors: [409] })).toEqual([
    'GET /rows: response 201: missing',
    'GET /rows: response 409: missing',
    'GET /rows: query parameter size: missing',
  ]);
  expect(missing({ response: ['items.name', 'next'] })).toEqual([
    'GET /rows: response 200: items.name: missing',
    'GET /rows: response 200: next: missing',
  ]);
  expect(missing({ operation: 'POST /rows', status: 204, body: ['name'] })).toEqual([
    'POST /rows: request body: name: missing',
  ]);
});
