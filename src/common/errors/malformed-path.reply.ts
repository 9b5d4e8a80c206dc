import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorFormat, errorFormatFor, ROUTE_NOT_FOUND, sendError } from './error-format.js';

/** 404 for a path that cannot be decoded (`%zz`) or is too long; Fastify's own message would echo the path. */
export const replyToMalformedPath =
  (formats: readonly ErrorFormat[]) =>
  (_error: unknown, { url }: FastifyRequest, reply: FastifyReply): void =>
    sendError(errorFormatFor(url, formats), ROUTE_NOT_FOUND, reply);
