import { STATUS_CODES } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { Problem } from './domain-error.js';

export type ErrorResponse = {
  status: number;
  detail: string | readonly Problem[];
  /** Sent as `X-Error-Code` (docs/contract/http.md#error-codes). */
  code: string;
  headers?: Record<string, string>;
  /** What the caller can do, for problems (docs/contract/http.md#problems). */
  remedy?: string;
  /** Further fields of the body. */
  fields?: Readonly<Record<string, string>>;
};

/** The shape of the error responses of one part of the API. */
export type ErrorFormat = {
  /** Absent, or null, for errors that have the same response everywhere. */
  toResponse?(error: unknown): ErrorResponse | null;
  serialize(error: ErrorResponse): { status: number; contentType: string; body: object };
  /** What the audit entry of the refused request says about it: codes, never values of the request. */
  auditDetails?(error: ErrorResponse): Readonly<Record<string, string>>;
};

export const ERROR_CODE_HEADER = 'x-error-code';

const JSON_TYPE = 'application/json; charset=utf-8';
const CODES_SENT_AS_ERROR = new Set(['org_scoped_key_requires_workspace']); // SDKs match {"error": code}

/** A format of the paths that it names. */
export type PathErrorFormat = ErrorFormat & { appliesTo(path: string): boolean };

/** Platform and auth routes. No 422 is published for them. */
const PLATFORM_FORMAT: PathErrorFormat = {
  appliesTo: (path) => /^\/(v1\/platform|auth)\//.test(path),
  serialize: (error) => ({
    status: error.status === 422 ? 400 : error.status,
    contentType: JSON_TYPE,
    body: { error: detailAsText(error), ...error.fields },
  }),
};

/** `/api`, and every path without a specific format. */
const API_FORMAT: ErrorFormat = {
  serialize: ({ status, detail, code, fields }) => ({
    status,
    contentType: JSON_TYPE,
    body: { ...(CODES_SENT_AS_ERROR.has(code) ? { error: code, detail } : { detail }), ...fields },
  }),
};

/** Formats that an RFC defines (SCIM, OAuth) are among `specificFormats`. */
export const errorFormatFor = (path: string, specificFormats: readonly PathErrorFormat[]): ErrorFormat =>
  [...specificFormats, PLATFORM_FORMAT].find((format) => format.appliesTo(path)) ?? API_FORMAT;

export function sendError(format: ErrorFormat, error: ErrorResponse, reply: FastifyReply): void {
  const { status, contentType, body } = format.serialize(error);
  void reply
    .headers(error.headers ?? {})
    .status(status)
    .header('content-type', contentType)
    .header(ERROR_CODE_HEADER, error.code)
    .send(JSON.stringify(body));
}

/** The detail as a single line of text. */
export const detailAsText = ({ detail }: ErrorResponse): string =>
  typeof detail === 'string' ? detail : detail.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; ');

/** Codes of the refusals of HTTP itself and of failures of the server, by status. */
export const PROTOCOL_ERROR_CODES: Readonly<Record<number, string>> = {
  400: 'malformed_request',
  404: 'route_not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  413: 'body_too_large',
  415: 'unsupported_media_type',
  431: 'headers_too_large',
  500: 'internal_error',
};

/** The response to an error that is no domain error. */
export const protocolError = (
  status: number,
  detail: string,
  headers: Record<string, string> = {},
): ErrorResponse => ({
  status,
  code: PROTOCOL_ERROR_CODES[status] ?? (status < 500 ? 'malformed_request' : 'internal_error'),
  detail,
  headers,
});

export const INTERNAL_ERROR = protocolError(500, 'Internal Server Error');
export const ROUTE_NOT_FOUND = protocolError(404, 'Not Found');

/**
 * The routes that return errors as problems (docs/contract/http.md#problems). `api`: malformed input keeps its list of
 * violations. `platform-with-error`: platform routes that had the member `error` before, which stays. `authzen`: another
 * media type than JSON is 400, too. `oauth`: no problems, but errors of RFC 6749, section 5.2.
 */
export type ProblemFamily = 'api' | 'platform' | 'platform-with-error' | 'authzen' | 'oauth';

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

const OAUTH_ERRORS: Readonly<Record<number, string>> = {
  401: 'invalid_token',
  403: 'access_denied',
  429: 'temporarily_unavailable',
  500: 'server_error',
  503: 'temporarily_unavailable',
};

const OAUTH_FORMAT: ErrorFormat = {
  serialize: (error) => {
    const status = statusOfProblem(error, 'oauth');
    const named = { error: OAUTH_ERRORS[status] ?? 'invalid_request', ...error.fields };
    return { status, contentType: JSON_TYPE, body: { ...named, error_description: detailAsText(error) } };
  },
};

/** The format of the errors of a family, for a request with this `Accept` header. */
export const problemFormat = (family: ProblemFamily, accept?: string): ErrorFormat =>
  family === 'oauth' ? OAUTH_FORMAT : formatOf(family, accept);

const formatOf = (family: Exclude<ProblemFamily, 'oauth'>, accept = '*/*'): ErrorFormat => ({
  serialize: (error) => {
    if (family === 'api' && typeof error.detail !== 'string') return API_FORMAT.serialize(error);
    const status = family === 'api' ? error.status : statusOfProblem(error, family);
    return {
      status,
      contentType: prefersProblem(accept) ? PROBLEM_TYPE : JSON_TYPE,
      body: { ...problemOf(status, error), ...earlierMembers(family, error) },
    };
  },
});

/** Platform routes return 400 for malformed input, and 422 for well-formed input without a meaning. */
export const statusOfProblem = (
  { status, code }: Pick<ErrorResponse, 'status' | 'code'>,
  family: ProblemFamily,
): number =>
  (status === 422 && (code === 'validation_failed' || family === 'oauth')) ||
  (status === 415 && (family === 'authzen' || family === 'oauth'))
    ? 400
    : status;

const problemOf = (status: number, error: ErrorResponse) => ({
  type: 'about:blank',
  title: STATUS_CODES[status] ?? 'Error',
  status,
  detail: detailAsText(error),
  ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
  ...error.fields,
});

function earlierMembers(family: Exclude<ProblemFamily, 'oauth'>, error: ErrorResponse): object {
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
