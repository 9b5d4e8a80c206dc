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
