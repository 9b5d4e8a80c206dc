import { applyDecorators, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Refuses } from '../http/operations/operation.decorator.js';

const MAKES_CREDENTIAL = 'tenantry:makes-credential';

type Made = { readonly page: string; readonly fields: readonly string[] };

/**
 * For handlers that return or set a secret, or send to an address of the caller's choice: applications may not
 * (docs/contract/oauth.md#what-an-application-may-not-do).
 *
 * @param page of the console, below that of the organization, where a person does it
 * @param fields only a body that has one of these, or a row of it, does so; none: every request
 */
export const MakesCredential = (page: string, ...fields: string[]) =>
  applyDecorators(
    SetMetadata(MAKES_CREDENTIAL, { page, fields } satisfies Made),
    Refuses('application_may_not_create'),
  );

/** The page of the console for a request that makes a credential; null for others. The body is not validated yet. */
export function pageOfCredential(context: ExecutionContext): string | null {
  const made = Reflect.getMetadata(MAKES_CREDENTIAL, context.getHandler()) as Made | undefined;
  if (!made) return null;
  const { body } = context.switchToHttp().getRequest<FastifyRequest>();
  const { page, fields } = made;
  return fields.length === 0 || fields.some((field) => rowsOf(body).some((row) => hasField(row, field)))
    ? page
    : null;
}

export const rowsOf = (body: unknown): readonly unknown[] => (Array.isArray(body) ? body : [body]);

/** Null means "unchanged" (docs/contract/http.md#null-and-absent-fields). */
export const hasField = (row: unknown, field: string): boolean =>
  typeof row === 'object' && row !== null && (row as Record<string, unknown>)[field] != null;
