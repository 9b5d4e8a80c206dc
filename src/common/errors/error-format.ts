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
};

/** The shape of the error responses of one part of the API. */
export type ErrorFormat = {
  appliesTo(path: string): boolean;
  /** Null for errors that have the same response everywhere. */
  toResponse(error: unknown): ErrorResponse | null;
  serialize(error: ErrorResponse): { status: number; contentType: string; body: object };
};

export const ERROR_CODE_HEADER = 'x-error-code';

export const JSON_TYPE = 'application/json; charset=utf-8';
const CODES_SENT_AS_ERROR = new Set(['org_scoped_key_requires_workspace']); // SDKs match {"error": code}

/** Platform and auth routes. No 422 is published for them. */
const PLATFORM_FORMAT: ErrorFormat = {
  appliesTo: (path) => /^\/(v1\/platform|auth)\//.test(path),
  toResponse: () => null,
  serialize: (error) => ({
    status: error.status === 422 ? 400 : error.status,
    contentType: JSON_TYPE,
    body: { error: detailAsText(error) },
  }),
};

/** `/api`, and every path without a specific format. */
export const API_FORMAT: ErrorFormat = {
  appliesTo: () => true,
  toResponse: () => null,
  serialize: ({ status, detail, code }) => ({
    status,
    contentType: JSON_TYPE,
    body: CODES_SENT_AS_ERROR.has(code) ? { error: code, detail } : { detail },
  }),
};

/** Formats that an RFC defines (SCIM, OAuth) are among `specificFormats`. */
export const errorFormatFor = (path: string, specificFormats: readonly ErrorFormat[]): ErrorFormat =>
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
