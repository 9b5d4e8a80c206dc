import { ConcurrencyConflict } from '../common/errors/domain-error.js';

/** What a write refers to was removed at the same moment, or two writes stood in each other's way. */
export class ConcurrentChange extends ConcurrencyConflict {
  readonly code = 'concurrent_change';
  constructor(cause: unknown) {
    super(
      'Something this depends on was changed at the same moment; look again and repeat it if it still applies.',
      {
        cause,
      },
    );
  }
}

/** PostgreSQL, Appendix A: restrict_violation, foreign_key_violation, serialization_failure, deadlock_detected. */
const CONFLICT_CODES = new Set(['23001', '23503', '40001', '40P01']);
const INTEGRITY_VIOLATIONS = /^23/; // PostgreSQL, Appendix A, class 23

type DriverError = { code?: string; constraint?: string; driverError?: DriverError };

/** The name of the constraint that refused the write, or null when something else went wrong. */
function violatedConstraint(error: unknown): string | null {
  const outer = error as DriverError;
  const driver = outer.driverError ?? outer;
  return INTEGRITY_VIOLATIONS.test(driver.code ?? '') ? (driver.constraint ?? null) : null;
}

/** A lost race as an error of the domain; anything else as it is. */
export function toConcurrencyConflict(error: unknown): unknown {
  const outer = error as DriverError;
  return CONFLICT_CODES.has((outer.driverError ?? outer).code ?? '') ? new ConcurrentChange(error) : error;
}

/**
 * Awaits a write and turns the violation of a known constraint into the error of the domain.
 * Keys are constraint names as declared on the entities; anything else passes through unchanged.
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
