/** An error response of the API. The shapes are those of `docs/errors.md`. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    /** The `X-Error-Code` header; empty if the response does not come from the server. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Whether the same request would get the same response again. */
export const isFinal = (error: Error) =>
  error instanceof ApiError && error.status < 500 && error.status !== 429;

type ErrorBody = { detail?: unknown; error?: unknown };

export function toApiError(response: Response, body: unknown): ApiError {
  return new ApiError(response.status, response.headers.get('x-error-code') ?? '', messageOf(body));
}

/** Validation errors are a list, each with the path of a field and a message. */
function messageOf(body: unknown): string {
  const { detail, error } = (typeof body === 'object' && body !== null ? body : {}) as ErrorBody;
  if (Array.isArray(detail)) return detail.map(lineOf).join('\n');
  if (typeof detail === 'string') return detail;
  return typeof error === 'string' ? error : '';
}

function lineOf(problem: { loc?: unknown[]; msg?: string }): string {
  const field = (problem.loc ?? []).filter((part) => part !== 'body').join('.');
  return field ? `${field}: ${problem.msg ?? ''}` : (problem.msg ?? '');
}
