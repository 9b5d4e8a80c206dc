import { ValidationFailed } from '../../common/errors/validation.errors.js';
import { UUID } from '../../common/http/value-checks.js';
import type { AuditPosition } from './audit-entries.repository.js';

/** Where the next page begins; `proof` of `ReadingProofs`, null in cursors that this server did not make. */
export type AuditCursor = { readonly position: AuditPosition; readonly proof: string | null };

/** As clients carry it: base64 of JSON, to be sent back as it came. It holds no right and no filter. */
export const toCursor = ({ position: { createdAt, id }, proof }: AuditCursor): string =>
  Buffer.from(JSON.stringify({ created_at: createdAt.toISOString(), id, proof })).toString('base64');

/** As `toISOString` writes the years that PostgreSQL knows too. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Throws ValidationFailed for what never was a cursor. */
export function fromCursor(cursor: string): AuditCursor {
  const { created_at, id, proof } = parsed(cursor);
  if (typeof created_at !== 'string' || typeof id !== 'string') throw invalidCursor();
  const createdAt = new Date(created_at);
  const isPosition = INSTANT.test(created_at) && !Number.isNaN(createdAt.getTime()) && UUID.test(id);
  if (!isPosition) throw invalidCursor();
  return { position: { createdAt, id }, proof: typeof proof === 'string' ? proof : null };
}

function parsed(cursor: string): Record<string, unknown> {
  try {
    return { ...(JSON.parse(Buffer.from(cursor, 'base64').toString()) as object) };
  } catch {
    throw invalidCursor();
  }
}

const invalidCursor = () =>
  new ValidationFailed([
    { loc: ['query', 'cursor'], msg: 'Input should be the cursor of a previous page', type: 'value_error' },
  ]);
