import { STATUS_CODES } from 'node:http';
import type { OpenAPIObject } from '@nestjs/swagger';
import { REFUSES } from '../common/http/refuses.decorator.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']> & {
  [REFUSES]?: string[];
  'x-permission'?: string;
  'x-session-only'?: boolean;
};
type Response = { description: string; headers?: object; content?: object };

/** The statuses of each error code, from docs/errors.md. */
export type ErrorStatuses = ReadonlyMap<string, readonly number[]>;

const CREDENTIAL = [
  'invalid_credential',
  'session_not_confirmed',
  'context_forbidden',
  'no_organization',
  'organization_disabled',
  'member_disabled',
  'sso_required',
];
const WORKSPACE = ['no_workspace', 'org_scoped_key_requires_workspace'];
const CHANGE = ['cross_site_request', 'concurrent_change', 'rights_changed'];
const BODY = ['body_too_large', 'unsupported_media_type'];
const IDEMPOTENCY = ['unusable_idempotency_key', 'idempotency_key_reused'];
const ALWAYS = ['too_many_requests', 'database_unavailable'];

/**
 * Adds the error answers of an operation: those that its decorators imply, and those that `@Refuses` declares. Each names
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
  const isPlatform = /^\/(v1\/platform|auth)\//.test(path);
  const codes = [...impliedCodes(operation, method), ...(operation[REFUSES] ?? [])];
  delete operation[REFUSES];
  const byStatus = Map.groupBy(
    codes.flatMap((code) => statusesOf(code, statuses).map((status) => ({ code, status }))),
    ({ status }) => (status === 422 && isPlatform ? 400 : status),
  );
  const responses = operation.responses as Record<number, Response>;
  for (const [status, refusals] of byStatus) {
    const values = [...new Set(refusals.map(({ code }) => code))].sort();
    responses[status] = {
      content: contentFor(isPlatform, 302 in responses),
      description: STATUS_CODES[status] ?? 'Error',
      ...responses[status],
      headers: { 'X-Error-Code': { schema: { type: 'string', enum: values } } },
    };
  }
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
    ...(schemes.has('Tenant ID') ? WORKSPACE : []),
    ...(operation['x-permission'] ? ['permission_missing'] : []),
    ...(operation['x-session-only'] ? ['session_required'] : []),
    ...(isGuarded && method !== 'get' ? CHANGE : []),
    ...(operation.requestBody ? BODY : []),
    ...(isGuarded || operation.requestBody || parameters.length > 0 ? ['validation_failed'] : []),
    ...(parameters.some(({ name }) => name === 'Idempotency-Key') ? IDEMPOTENCY : []),
  ];
}

const schemaNamed = (name: string) => ({ schema: { $ref: `#/components/schemas/${name}` } });

/** Routes that redirect browsers answer their errors with a page, too. */
const contentFor = (isPlatform: boolean, hasPage: boolean) => ({
  'application/json': schemaNamed(isPlatform ? 'PlatformErrorResponse' : 'ErrorResponse'),
  ...(hasPage ? { 'text/html': { schema: { type: 'string' } } } : {}),
});

/** docs/contract/http.md#error-shapes */
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
};
