import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorFormatFor, type ErrorFormat, sendError } from './error-format.js';

/** A path that cannot be read at all (`%zz`, or too long) is no path of ours; Fastify's own words would echo it. */
export const replyToMalformedPath =
  (formats: readonly ErrorFormat[]) =>
  (_error: unknown, { url }: FastifyRequest, reply: FastifyReply): void =>
    sendError(errorFormatFor(url, formats), { status: 404, detail: 'Not Found' }, reply);
