import type { FastifyReply, FastifyRequest } from 'fastify';
import { dialectAt, type ErrorDialect, sendIn } from './error-dialect.js';

/** A path that cannot be read at all (`%zz`, or too long) is no path of ours; Fastify's own words would echo it. */
export const answerUnreadablePath =
  (dialects: readonly ErrorDialect[]) =>
  (_error: unknown, { url }: FastifyRequest, reply: FastifyReply): void =>
    sendIn(dialectAt(url, dialects), { status: 404, detail: 'Not Found' }, reply);
