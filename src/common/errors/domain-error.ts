/** One problem of a request: where it is (`["body", 3, "email"]`), what is wrong, and a stable type. */
export type Problem = { loc: (string | number)[]; msg: string; type: string };

/**
 * Something the rules refuse. The kind (subclass below) decides the status, in one place: the error filter.
 * `code` is stable and machine readable; `message` is for people and may change. The answer's `detail` is the problems,
 * or the message where there are none.
 */
export abstract class DomainError extends Error {
  abstract readonly code: string;
  /** Where several rows are at fault, each is named (contract decision 2). */
  readonly problems: readonly Problem[] | undefined;
  /** The organization whose audit log the refusal belongs in, where the caller acts in none. */
  affectedOrgId?: string;

  constructor(message: string, options: { problems?: readonly Problem[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.problems = options.problems;
  }
}

/** A request that follows from nothing we did before: 400. */
export abstract class BadRequest extends DomainError {}
/** No credential, or one that is not valid: 401. */
export abstract class Unauthenticated extends DomainError {}
/** Known, but not allowed: 403. */
export abstract class Forbidden extends DomainError {}
/** There is no such thing in the caller's scope: 404. */
export abstract class NotFound extends DomainError {}
/** Well-formed and allowed, but the present state forbids it: 409. */
export abstract class Conflict extends DomainError {}
/** Somebody else was first at this moment; the same request may succeed when it is sent again: 409 without advice against it. */
export abstract class ConcurrencyConflict extends Conflict {}
/** A request whose values the rules refuse: 422, with a location for each problem. */
export abstract class Unprocessable extends DomainError {}
/** It was possible once: 410. */
export abstract class Gone extends DomainError {}
/** Too many of these for now: 429. */
export abstract class LimitReached extends DomainError {
  abstract readonly retryAfterSeconds: number;
}
/** Somebody we have to ask gives no usable answer: 502, or 504 when he gave none in time. */
export abstract class UpstreamFailed extends DomainError {
  abstract readonly timedOut: boolean;
}
/** Something we cannot do without does not answer at the moment: 503. */
export abstract class Unavailable extends DomainError {
  /** In the log once per second and kind, with a count; an SQLSTATE, a code of the operating system, or words. */
  abstract readonly kind: string;
  readonly retryAfterSeconds: number = 1;
}
