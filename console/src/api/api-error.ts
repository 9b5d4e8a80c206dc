/** What is wrong with one part of a request; `loc` is its path, for example `['body', 2, 'email']`. */
export type RequestProblem = {
  readonly loc?: readonly unknown[];
  readonly msg?: string;
  readonly type?: string;
};

/** An error response of the API. The shapes are those of `docs/errors.md`. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    /** The `X-Error-Code` header; empty if the response does not come from the server. */
    readonly code: string,
    message: string,
    /** Empty if the response names no part of the request. */
    readonly problems: readonly RequestProblem[] = [],
    /** Null unless the server says when to try again. */
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(message);
  }
}

/** Whether the same request would get the same response again. */
export const isFinal = (error: Error) =>
  error instanceof ApiError && error.status < 500 && error.status !== 429;

type ErrorBody = { detail?: unknown; error?: unknown };

export function toApiError(response: Response, body: unknown): ApiError {
  const { detail, error } = (typeof body === 'object' && body !== null ? body : {}) as ErrorBody;
  const problems = Array.isArray(detail) ? (detail as RequestProblem[]) : [];
  const message = problems.map(lineOf).join('\n') || textOf(detail) || textOf(error);
  const code = response.headers.get('x-error-code') ?? '';
  const retryAfter = Number(response.headers.get('retry-after')) || null;
  return new ApiError(response.status, code, message, problems, retryAfter);
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function lineOf(problem: RequestProblem): string {
  const field = (problem.loc ?? []).filter((part) => part !== 'body').join('.');
  return field ? `${field}: ${problem.msg ?? ''}` : (problem.msg ?? '');
}
