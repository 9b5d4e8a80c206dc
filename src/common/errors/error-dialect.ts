import type { FastifyReply } from 'fastify';
import type { Problem } from './domain-error.js';

export type Answer = {
  status: number;
  detail: string | readonly Problem[];
  code?: string;
  headers?: Record<string, string>;
};

/** How a part of the API words its errors. */
export type ErrorDialect = {
  isSpokenAt(path: string): boolean;
  /** Null for errors that mean the same everywhere. */
  explain(error: unknown): Answer | null;
  write(answer: Answer): { status: number; contentType: string; body: object };
};

const JSON_TYPE = 'application/json; charset=utf-8';
const CODES_AS_ERROR = new Set(['org_scoped_key_requires_workspace']); // SDKs match {"error": code}

/** Platform and auth routes. No 422 is published there. */
const OF_PLATFORM: ErrorDialect = {
  isSpokenAt: (path) => /^\/(v1\/platform|auth)\//.test(path),
  explain: () => null,
  write: (answer) => ({
    status: answer.status === 422 ? 400 : answer.status,
    contentType: JSON_TYPE,
    body: { error: oneLine(answer) },
  }),
};

/** `/api`, and every path that nobody else speaks for. */
const OF_API: ErrorDialect = {
  isSpokenAt: () => true,
  explain: () => null,
  write: ({ status, detail, code }) => ({
    status,
    contentType: JSON_TYPE,
    body: code && CODES_AS_ERROR.has(code) ? { error: code, detail } : { detail },
  }),
};

/** Where an RFC says how, the dialect is among the `others`. */
export const dialectAt = (path: string, others: readonly ErrorDialect[]): ErrorDialect =>
  [...others, OF_PLATFORM, OF_API].find((dialect) => dialect.isSpokenAt(path))!;

export function sendIn(dialect: ErrorDialect, answer: Answer, reply: FastifyReply): void {
  const { status, contentType, body } = dialect.write(answer);
  void reply
    .headers(answer.headers ?? {})
    .status(status)
    .header('content-type', contentType)
    .send(JSON.stringify(body));
}

/** The detail as one text. */
export const oneLine = ({ detail }: Answer): string =>
  typeof detail === 'string' ? detail : detail.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; ');
