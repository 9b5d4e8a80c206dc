import { parsedJson } from '../../common/json.js';
import { ValidationFailed } from '../../common/errors/errors.js';
import { UUID } from '../../common/http/operations/value-checks.js';
import type { AuditPosition } from './entries/audit-entries.repository.js';

/** Start of the next page; `proof` is from `ReadingProofs`, null in cursors without one. */
export type AuditCursor = { readonly position: AuditPosition; readonly proof: string | null };

/** The opaque cursor in responses: base64 of JSON. It carries no right and no filter. */
export const toCursor = ({ position: { createdAt, id }, proof }: AuditCursor): string =>
  Buffer.from(JSON.stringify({ created_at: createdAt.toISOString(), id, proof })).toString('base64');

/** The format of `toISOString`, limited to years that PostgreSQL accepts. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** @throws ValidationFailed if the text is not a cursor. */
export function fromCursor(cursor: string): AuditCursor {
  const json = parsedJson(Buffer.from(cursor, 'base64').toString());
  const { created_at, id, proof } = { ...(json as Record<string, unknown>) };
  if (typeof created_at !== 'string' || typeof id !== 'string') throw invalidCursor();
  const createdAt = new Date(created_at);
  const isPosition = INSTANT.test(created_at) && !Number.isNaN(createdAt.getTime()) && UUID.test(id);
  if (!isPosition) throw invalidCursor();
  return { position: { createdAt, id }, proof: typeof proof === 'string' ? proof : null };
}

const invalidCursor = () =>
  new ValidationFailed([
    { loc: ['query', 'cursor'], msg: 'Input should be the cursor of a previous page', type: 'value_error' },
  ]);
