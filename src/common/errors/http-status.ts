import {
  Conflict,
  type DomainError,
  Forbidden,
  Gone,
  LimitReached,
  NotFound,
  BadRequest,
  Unprocessable,
  Unauthenticated,
  Unavailable,
  UpstreamFailed,
} from './domain-error.js';

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
