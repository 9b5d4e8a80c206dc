import { expect, it } from '@jest/globals';
import { REFUSES } from '../common/http/operations/operation.decorator.js';
import { addErrorResponses } from './error-responses.js';

const STATUSES = new Map([
  ['validation_failed', [422]],
  ['provider_unavailable', [502, 504]],
  ...['too_many_requests', 'database_unavailable', 'body_too_large', 'unsupported_media_type'].map(
    (code) => [code, [400]] as [string, number[]],
  ),
]);

const declared = (refuses: string[]) => Object.fromEntries(refuses.map((code) => [REFUSES + code, true]));
const codesOf = (path: string, refuses: string[], responses = {}) => {
  const operation = { ...declared(refuses), requestBody: { content: {} }, responses };
  addErrorResponses(operation, 'post', path, STATUSES);
  return operation as { responses: Record<string, any> };
};
const enumOf = ({ responses }: { responses: Record<string, any> }, status: number) =>
  responses[status]?.headers['X-Error-Code'].schema.enum;

it('describes a code with several statuses at each of them', () => {
  const operation = codesOf('/api/v1/login', ['provider_unavailable']);

  expect(enumOf(operation, 502)).toEqual(['provider_unavailable']);
  expect(enumOf(operation, 504)).toEqual(['provider_unavailable']);
});

it('describes invalid values as 422 below /api and as 400 on platform routes', () => {
  expect(enumOf(codesOf('/api/v1/login', []), 422)).toEqual(['validation_failed']);
  expect(enumOf(codesOf('/v1/platform/x', []), 400)).toContain('validation_failed');
  expect(enumOf(codesOf('/v1/platform/x', []), 422)).toBeUndefined();
});

it('keeps the published schema of an error response', () => {
  const content = { 'application/json': { schema: { type: 'object' } } };

  const { responses } = codesOf('/api/v1/login', [], { 422: { description: 'Validation Error', content } });

  expect(responses[422]).toMatchObject({ description: 'Validation Error', content });
});

it('describes problems with both media types, and 422 of platform routes beside 400', () => {
  const operation = {
    ...declared(['invalid_role']),
    'x-problems': 'platform' as const,
    requestBody: { content: {} },
    responses: {} as Record<string, any>,
  };
  addErrorResponses(operation, 'post', '/v1/platform/x', new Map([...STATUSES, ['invalid_role', [422]]]));

  const problem = { schema: { $ref: '#/components/schemas/shared.ProblemDetails' } };
  expect(enumOf(operation, 400)).toContain('validation_failed');
  expect(enumOf(operation, 422)).toEqual(['invalid_role']);
  expect(operation.responses[422]?.content).toEqual({
    'application/json': problem,
    'application/problem+json': problem,
  });
  expect(operation).not.toHaveProperty('x-problems');
});

it('publishes nothing of the declaration but the responses', () => {
  expect(Object.keys(codesOf('/api/v1/login', ['provider_unavailable']))).toEqual([
    'requestBody',
    'responses',
  ]);
});

it('refuses a code that docs/errors.md does not list', () => {
  expect(() => codesOf('/api/v1/login', ['not_a_code'])).toThrow(/does not list the error code not_a_code/);
});
