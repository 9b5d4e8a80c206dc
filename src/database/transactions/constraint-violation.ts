import type { ObjectLiteral, Repository } from 'typeorm';
import { ConcurrentChange } from './constraint-violation.errors.js';

/** PostgreSQL, Appendix A: restrict_violation, foreign_key_violation, serialization_failure, deadlock_detected. */
const CONFLICT_CODES = new Set(['23001', '23503', '40001', '40P01']);
const INTEGRITY_VIOLATIONS = /^23/; // PostgreSQL, Appendix A, class 23

type DriverError = { code?: string; constraint?: string; driverError?: DriverError };

/** The name of the constraint that refused the write; null for any other error. */
function violatedConstraint(error: unknown): string | null {
  const outer = error as DriverError;
  const driver = outer.driverError ?? outer;
  return INTEGRITY_VIOLATIONS.test(driver.code ?? '') ? (driver.constraint ?? null) : null;
}

/** Converts a write conflict to ConcurrentChange; returns any other error unchanged. */
export function toConcurrencyConflict(error: unknown): unknown {
  const outer = error as DriverError;
  return CONFLICT_CODES.has((outer.driverError ?? outer).code ?? '') ? new ConcurrentChange(error) : error;
}

/**
 * Awaits a write and replaces the violation of a listed constraint by a domain error. Keys are constraint names as
 * declared on the entities; other errors pass through unchanged.
 */
export async function mapViolations<T>(
  write: Promise<T>,
  errors: Readonly<Record<string, () => Error>>,
): Promise<T> {
  try {
    return await write;
  } catch (error) {
    const constraint = violatedConstraint(error);
    throw (constraint && errors[constraint]?.()) || error;
  }
}

/**
 * Inserts a row or several, and returns false if a unique constraint refuses one; the caller rolls back by throwing.
 * Unlike a violated constraint, this writes no error into PostgreSQL's log for each race that a client loses.
 */
export async function insertUnlessTaken<Entity extends ObjectLiteral>(
  repository: Repository<Entity>,
  rows: Parameters<Repository<Entity>['insert']>[0],
): Promise<boolean> {
  const insert = repository.createQueryBuilder().insert().values(rows).orIgnore().updateEntity(false);
  const { raw } = await insert.returning(['id']).execute();
  return (raw as unknown[]).length === (Array.isArray(rows) ? rows.length : 1);
}
