const INTEGRITY_VIOLATIONS = /^23/; // PostgreSQL, Appendix A, class 23

type DriverError = { code?: string; constraint?: string; driverError?: DriverError };

/** The name of the constraint that refused the write, or null when something else went wrong. */
function violatedConstraint(error: unknown): string | null {
  const outer = error as DriverError;
  const driver = outer.driverError ?? outer;
  return INTEGRITY_VIOLATIONS.test(driver.code ?? '') ? (driver.constraint ?? null) : null;
}

/**
 * Awaits a write and turns the violation of a known constraint into the error of the domain.
 * Keys are constraint names as declared on the entities; anything else passes through unchanged.
 */
export async function explainingViolations<T>(
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
