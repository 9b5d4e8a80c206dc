import { retryAfterMs } from './retries.js';
import type { ErrorCode, FetchResult } from './schema.js';

/** What is wrong with one part of a request; `loc` is its path, for example `['body', 2, 'email']`. */
export type RequestProblem = {
  readonly loc?: readonly unknown[];
  readonly msg?: string;
  readonly type?: string;
};

type Details = {
  readonly status: number;
  readonly code: string;
  readonly message?: string;
  readonly problems?: readonly RequestProblem[];
  readonly retryAfterSeconds?: number | null;
  readonly requestId?: string | null;
  readonly consolePage?: string | null;
};

/** An error response of the API. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError';
  readonly status: number;
  /** The `X-Error-Code` header: why. Empty if the response does not come from the server. */
  readonly code: ErrorCode | (string & {});
  /** Empty if the response names no part of the request. */
  readonly problems: readonly RequestProblem[];
  /** Null unless the server says when to try again. */
  readonly retryAfterSeconds: number | null;
  /** The request in the server's log. */
  readonly requestId: string | null;
  /** Where a person does it, if applications may not (`application_may_not_create`). */
  readonly consolePage: string | null;

  constructor({
    status,
    code,
    message = '',
    problems = [],
    retryAfterSeconds = null,
    requestId = null,
    consolePage = null,
  }: Details) {
    super(message || `HTTP ${status}`);
    this.status = status;
    this.code = code;
    this.problems = problems;
    this.retryAfterSeconds = retryAfterSeconds;
    this.requestId = requestId;
    this.consolePage = consolePage;
  }
}

/** The credential is missing, wrong, expired or revoked: sign in again or use another key. */
export class NotAuthenticated extends ApiError {
  override readonly name = 'NotAuthenticated';
}

/** The caller may not do this, or not in this organization or workspace. */
export class Forbidden extends ApiError {
  override readonly name: string = 'Forbidden';
}

/** The roles of the caller lack the permission that the message names. */
export class PermissionMissing extends Forbidden {
  override readonly name = 'PermissionMissing';
}

/** It does not exist, any more, or not for this caller. */
export class NotFound extends ApiError {
  override readonly name = 'NotFound';
}

/** What exists does not allow the change. */
export class Conflict extends ApiError {
  override readonly name: string = 'Conflict';
}

/** Somebody else made a change at the same time: read again, then repeat. */
export class ConcurrentChange extends Conflict {
  override readonly name = 'ConcurrentChange';
}

/** The request cannot be accepted as it is; `problems` says which parts, if it is about parts. */
export class InvalidRequest extends ApiError {
  override readonly name = 'InvalidRequest';
}

/** Too many requests; `retryAfterSeconds` says when to try again. */
export class RateLimited extends ApiError {
  override readonly name = 'RateLimited';
}

/** The server, its database or the identity provider cannot answer at the moment. */
export class Unavailable extends ApiError {
  override readonly name = 'Unavailable';
}

const BY_CODE: Partial<Record<ErrorCode, typeof ApiError>> = {
  permission_missing: PermissionMissing,
  concurrent_change: ConcurrentChange,
  rights_changed: ConcurrentChange,
};

const BY_STATUS: Readonly<Record<number, typeof ApiError>> = {
  400: InvalidRequest,
  401: NotAuthenticated,
  403: Forbidden,
  404: NotFound,
  409: Conflict,
  410: NotFound,
  413: InvalidRequest,
  415: InvalidRequest,
  422: InvalidRequest,
  429: RateLimited,
  502: Unavailable,
  503: Unavailable,
  504: Unavailable,
};

/** The error of a response, as the class of its code or, if the code has none, of its status. */
export function toApiError({ status, headers }: Response, body: unknown): ApiError {
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const { detail, error, console_page: page } = fields;
  const problems = Array.isArray(detail) ? (detail as RequestProblem[]) : [];
  const code = headers.get('x-error-code') ?? '';
  const Class = BY_CODE[code as ErrorCode] ?? BY_STATUS[status] ?? ApiError;
  return new Class({
    status,
    code,
    message: problems.map(lineOf).join('\n') || textOf(detail) || textOf(error),
    problems,
    retryAfterSeconds: Math.ceil((retryAfterMs(headers) ?? 0) / 1000) || null,
    requestId: headers.get('x-request-id'),
    consolePage: textOf(page) || null,
  });
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function lineOf({ loc = [], msg = '' }: RequestProblem): string {
  const field = loc.filter((part) => part !== 'body').join('.');
  return field ? `${field}: ${msg}` : msg;
}

/**
 * The data of a response; undefined if it has no body.
 *
 * @throws ApiError
 */
export async function dataOf<Data>(call: Promise<FetchResult<Data>>): Promise<Data> {
  const { data, error, response } = await call;
  if (!response.ok) throw toApiError(response, error);
  return data as Data;
}
