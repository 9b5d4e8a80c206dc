import { STATUS_CODES } from 'node:http';
import type { OpenAPIObject } from '@nestjs/swagger';
import { type ProblemFamily, statusOfProblem } from '../common/errors/error-format.js';
import { PROBLEMS, REFUSES } from '../common/http/operations/operation.decorator.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']> & {
  [PROBLEMS]?: ProblemFamily;
  'x-permission'?: string;
  'x-session-only'?: boolean;
};
/** The families of problems, and what other routes return. */
type Shape = ProblemFamily | 'plain-api' | 'plain-platform';
type Response = { description: string; headers?: object; content?: object };

/** The statuses of each error code, from docs/errors.md. */
export type ErrorStatuses = ReadonlyMap<string, readonly number[]>;

const CREDENTIAL = [
  'invalid_credential',
  'session_not_confirmed',
  'session_of_another_user',
  'context_forbidden',
  'no_organization',
  'organization_disabled',
  'member_disabled',
  'sso_required',
  'address_not_allowed',
  'insufficient_user_authentication',
];
const WORKSPACE = ['no_workspace', 'org_scoped_key_requires_workspace'];
const CHANGE = ['cross_site_request', 'concurrent_change', 'rights_changed'];
/** Of changes in an organization, by callers whose access ends. */
const LASTING_CHANGE = ['change_outlives_caller', 'own_access_end'];
const BODY = ['body_too_large', 'unsupported_media_type'];
const IDEMPOTENCY = ['unusable_idempotency_key', 'idempotency_key_reused'];
const ALWAYS = ['too_many_requests', 'database_unavailable'];

/**
 * Adds the error responses of an operation: those that its decorators imply, and those that `@Refuses` declares. Each names
 * its codes as the values of `X-Error-Code`.
 *
 * @throws Error for a code that docs/errors.md does not list
 */
export function addErrorResponses(
  operation: Operation,
  method: string,
  path: string,
  statuses: ErrorStatuses,
): void {
  const shape =
    operation[PROBLEMS] ?? (/^\/(v1\/platform|auth)\//.test(path) ? 'plain-platform' : 'plain-api');
  const codes = [...impliedCodes(operation, method), ...takeRefusals(operation)];
  delete operation[PROBLEMS];
  const byStatus = Map.groupBy(
    codes.flatMap((code) => statusesOf(code, statuses).map((status) => ({ code, status }))),
    (refusal) => sentStatus(shape, refusal),
  );
  const responses = operation.responses as Record<number, Response>;
  for (const [status, refusals] of byStatus) {
    const values = [...new Set(refusals.map(({ code }) => code))].sort();
    responses[status] = {
      description: STATUS_CODES[status] ?? 'Error',
      ...responses[status],
      content: { ...contentFor(shape, 302 in responses), ...responses[status]?.content },
      headers: { 'X-Error-Code': { schema: { type: 'string', enum: values } } },
    };
  }
}

/** The codes of `@Refuses`, whose keys are removed. */
function takeRefusals(operation: Operation): string[] {
  const keys = Object.keys(operation).filter((key) => key.startsWith(REFUSES));
  for (const key of keys) Reflect.deleteProperty(operation, key);
  return keys.map((key) => key.slice(REFUSES.length));
}

function statusesOf(code: string, statuses: ErrorStatuses): readonly number[] {
  const found = statuses.get(code);
  if (!found) throw new Error(`docs/errors.md does not list the error code ${code}, which @Refuses names`);
  return found;
}

function impliedCodes(operation: Operation, method: string): string[] {
  const schemes = new Set((operation.security ?? []).flatMap((scheme) => Object.keys(scheme)));
  const parameters = (operation.parameters ?? []).filter((parameter) => 'in' in parameter);
  const isGuarded = schemes.size > 0;
  return [
    ...ALWAYS,
    ...(isGuarded ? CREDENTIAL : []),
    ...(schemes.has('Tenant_ID') ? WORKSPACE : []),
    ...(operation['x-permission'] ? ['permission_missing'] : []),
    ...(operation['x-session-only'] ? ['session_required'] : []),
    ...(isGuarded && method !== 'get' ? CHANGE : []),
    ...((schemes.has('Tenant_ID') || schemes.has('Organization_ID')) && method !== 'get'
      ? LASTING_CHANGE
      : []),
    ...(operation.requestBody ? BODY : []),
    ...(isGuarded || operation.requestBody || parameters.length > 0 ? ['validation_failed'] : []),
    ...(parameters.some(({ name }) => name === 'Idempotency-Key') ? IDEMPOTENCY : []),
  ];
}

const schemaNamed = (name: string) => ({ schema: { $ref: `#/components/schemas/${name}` } });

function sentStatus(shape: Shape, refusal: { code: string; status: number }): number {
  if (shape === 'plain-platform') return refusal.status === 422 ? 400 : refusal.status;
  return shape === 'plain-api' || shape === 'api' ? refusal.status : statusOfProblem(refusal, shape);
}

/** Routes that redirect browsers also show their errors as a page. */
const contentFor = (shape: Shape, hasPage: boolean) => ({
  'application/json': schemaNamed(SCHEMAS[shape]),
  ...(shape.startsWith('plain') || shape === 'oauth'
    ? {}
    : { 'application/problem+json': schemaNamed(SCHEMAS[shape]) }),
  ...(hasPage ? { 'text/html': { schema: { type: 'string' } } } : {}),
});

const SCHEMAS: Record<Shape, string> = {
  'plain-api': 'ErrorResponse',
  'plain-platform': 'PlatformErrorResponse',
  api: 'ProblemDetails',
  platform: 'shared.ProblemDetails',
  'platform-with-error': 'ProblemDetailsWithError',
  authzen: 'shared.ProblemDetails',
  oauth: 'oauth.Error',
};

const PROBLEM_MEMBERS = {
  type: { type: 'string' },
  title: { type: 'string' },
  status: { type: 'integer' },
  detail: { type: 'string' },
};
const PROBLEM = { type: 'object', required: Object.keys(PROBLEM_MEMBERS), properties: PROBLEM_MEMBERS };
const REMEDY = { remedy: { type: 'string', description: 'What the caller can do.' } };

/** docs/contract/http.md#error-shapes, docs/contract/http.md#problems */
export const ERROR_SCHEMAS = {
  ErrorResponse: {
    type: 'object',
    required: ['detail'],
    properties: {
      detail: {
        anyOf: [
          { type: 'string' },
          { type: 'array', items: { $ref: '#/components/schemas/ValidationError' } },
        ],
      },
    },
  },
  PlatformErrorResponse: {
    type: 'object',
    required: ['error'],
    properties: { error: { type: 'string' } },
  },
  'oauth.Error': {
    type: 'object',
    required: ['error'],
    properties: { error: { type: 'string' }, error_description: { type: 'string' } },
  },
  ProblemDetails: PROBLEM,
  'shared.ProblemDetails': { ...PROBLEM, properties: { ...PROBLEM_MEMBERS, ...REMEDY } },
  ProblemDetailsWithError: {
    ...PROBLEM,
    required: [...PROBLEM.required, 'error'],
    properties: {
      ...PROBLEM_MEMBERS,
      ...REMEDY,
      error: { type: 'string', description: 'The same as detail.' },
    },
  },
};
