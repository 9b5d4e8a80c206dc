import { STATUS_CODES } from 'node:http';
import { API_FORMAT, detailAsText, type ErrorFormat, type ErrorResponse, JSON_TYPE } from './error-format.js';

/**
 * The routes that answer errors as problems (docs/contract/http.md#problems). `api`: malformed input keeps its list of
 * violations. `platform-with-error`: platform routes that had the member `error` before, which stays.
 */
export type ProblemFamily = 'api' | 'platform' | 'platform-with-error';

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** The format of the errors of a family, for a request with this `Accept` header. */
export const problemFormat = (family: ProblemFamily, accept = '*/*'): ErrorFormat => ({
  appliesTo: () => true,
  toResponse: () => null,
  serialize: (error) => {
    if (family === 'api' && typeof error.detail !== 'string') return API_FORMAT.serialize(error);
    const status = family === 'api' ? error.status : statusOfProblem(error);
    return {
      status,
      contentType: prefersProblem(accept) ? PROBLEM_TYPE : JSON_TYPE,
      body: { ...problemOf(status, error), ...earlierMembers(family, error) },
    };
  },
});

/** Platform routes answer 400 to malformed input, and 422 to well-formed input without a meaning. */
export const statusOfProblem = ({ status, code }: Pick<ErrorResponse, 'status' | 'code'>): number =>
  status === 422 && code === 'validation_failed' ? 400 : status;

const problemOf = (status: number, error: ErrorResponse) => ({
  type: 'about:blank',
  title: STATUS_CODES[status] ?? 'Error',
  status,
  detail: detailAsText(error),
  ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
});

function earlierMembers(family: ProblemFamily, error: ErrorResponse): object {
  if (family === 'api') return API_FORMAT.serialize(error).body;
  return family === 'platform-with-error' ? { error: detailAsText(error) } : {};
}

/** Whether `Accept` allows problems and prefers plain JSON to none of them (RFC 9110, section 12.5.1). */
function prefersProblem(accept: string): boolean {
  const quality = qualityOf(accept, 'application/problem+json');
  return quality > 0 && quality >= qualityOf(accept, 'application/json');
}

/** The quality of the most specific range that includes the type; 0 if none does. */
function qualityOf(accept: string, type: string): number {
  const ranges = accept.toLowerCase().split(',').map(toRange);
  const found = [type, 'application/*', '*/*'].map((name) => ranges.find((range) => range.name === name));
  return found.find((range) => range !== undefined)?.quality ?? 0;
}

function toRange(text: string): { name: string; quality: number } {
  const [name = '', ...parameters] = text.split(';').map((part) => part.trim());
  const quality = parameters.map((parameter) => /^q\s*=\s*([\d.]+)$/.exec(parameter)?.[1]).find(Boolean);
  return { name, quality: quality === undefined ? 1 : Number(quality) };
}
