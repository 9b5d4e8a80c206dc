/** `InvalidExpiry` as `invalid_expiry`. */
export const codeOf = (className: string): string =>
  className.replaceAll(/(?<!^)[A-Z]/g, (capital) => `_${capital}`).toLowerCase();

/** One violation in a request: its location (`["body", 3, "email"]`), a message and a stable type. */
export type Problem = { loc: (string | number)[]; msg: string; type: string };

/**
 * A request that a domain rule refuses. The subclass below decides the HTTP status, in the error filter. `code` is
 * stable and machine-readable: the name of the class, `UserGroupNotFound` as `user_group_not_found`, unless the class has
 * another one. `message` is for people and may change. The response's `detail` is `problems`, or else `message`.
 */
export abstract class DomainError extends Error {
  readonly code: string;
  /** An earlier name of the code, which log lines still name for alerts that search for it. */
  readonly formerCode?: string;
  /** One for each violation in a batch (docs/contract/invitations.md#batches). */
  readonly problems: readonly Problem[] | undefined;
  /** What the caller can do, if `message` does not say so (docs/contract/http.md#problems). */
  readonly remedy?: string;
  /** Further fields of the response body. */
  readonly fields?: Readonly<Record<string, string>>;
  /** The organization whose audit log records the refusal, if the principal acts in none. */
  affectedOrgId?: string;

  /** @param message by default the static `message` of the class */
  constructor(message?: string, options: { problems?: readonly Problem[]; cause?: unknown } = {}) {
    const text = message ?? (new.target as { message?: string }).message;
    super(text, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = codeOf(this.name);
    this.problems = options.problems;
  }
}

/** The code for a log line; a renamed one with its former name. */
export const loggedCode = ({ code, formerCode }: DomainError): string =>
  formerCode === undefined ? code : `${code} (formerly ${formerCode})`;

/** 400: the request does not follow from an earlier step, for example a login response without a login attempt. */
export abstract class BadRequest extends DomainError {}
/** 401: no credential, or an invalid one. */
export abstract class Unauthenticated extends DomainError {
  /** The `WWW-Authenticate` header (RFC 9110, section 15.5.2; RFC 6750, section 3). */
  readonly challenge: string = 'Bearer';
}
/** 403: authenticated, but not allowed. */
export abstract class Forbidden extends DomainError {}
/** 404: not found in the scope of the principal. */
export abstract class NotFound extends DomainError {}
/** 409: well-formed and allowed, but in conflict with the present state. */
export abstract class Conflict extends DomainError {}
/** 409 that clients may retry: a concurrent request changed the same data first. */
export abstract class ConcurrencyConflict extends Conflict {}
/** 422: values that the rules refuse, with a location for each problem. */
export abstract class Unprocessable extends DomainError {}
/** 410: no longer available. */
export abstract class Gone extends DomainError {}
/** 429: a limit is reached for now. */
export abstract class LimitReached extends DomainError {
  abstract readonly retryAfterSeconds: number;
}
/** 502: an upstream server gave no usable response; 504 if it gave none in time. */
export abstract class UpstreamFailed extends DomainError {
  abstract readonly timedOut: boolean;
}
/** 503: a required service does not respond at the moment. */
export abstract class Unavailable extends DomainError {
  /**
   * Logged once per second and kind, with a count: an SQLSTATE, an error code of the operating system, or a
   * description. Null: not a failure, and not logged.
   */
  abstract readonly kind: string | null;
  readonly retryAfterSeconds: number = 1;
}

const STATUS_BY_KIND = [
  [BadRequest, 400],
  [Unauthenticated, 401],
  [Forbidden, 403],
  [NotFound, 404],
  [Conflict, 409],
  [Gone, 410],
  [Unprocessable, 422],
  [LimitReached, 429],
  [Unavailable, 503],
] as const;

/** The only mapping from error classes to status codes. */
export function httpStatusOf(error: DomainError): number {
  if (error instanceof UpstreamFailed) return error.timedOut ? 504 : 502;
  return STATUS_BY_KIND.find(([kind]) => error instanceof kind)?.[1] ?? 500;
}
