import type { ErrorResponse } from './error-format.js';

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
