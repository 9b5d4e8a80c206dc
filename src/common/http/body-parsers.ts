import { parse } from 'node:querystring';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseJson } from './json-body.js';
import { MergeRouteConfig } from './route-config.decorator.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    acceptsForm?: boolean;
  }
}

type Done = (error: Error | null, body?: unknown) => void;

/** Stands for a body of an unsupported media type until a handler reads it, as `MalformedJson` does. */
export class UnsupportedBody {}

const FORM = 'application/x-www-form-urlencoded';
const MEDIA_TYPE = /^\s*[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(?:;|$)/;

/** Accepts form bodies on a route of OpenID Connect or OAuth; all other routes accept JSON only. */
export const AcceptsForm = () => MergeRouteConfig({ acceptsForm: true });

/** In bytes; ten times the size of 500 invitations with long names. */
export const MAX_BODY_BYTES = 1_048_576;

/** Replaces the parsers of Nest and Fastify, which accept forms and plain text on every route. */
export function registerBodyParsers(app: NestFastifyApplication): void {
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  fastify.removeContentTypeParser('text/plain');
  for (const type of ['application/json', 'application/scim+json'])
    app.useBodyParser(type, { bodyLimit: MAX_BODY_BYTES }, parseJson);
  app.useBodyParser(FORM, { bodyLimit: MAX_BODY_BYTES }, parseForm);
  app.useBodyParser('*', { bodyLimit: MAX_BODY_BYTES }, keepUnparsed);
}

/**
 * Drops an invalid Content-Type, which Fastify would refuse before the caller is authenticated, and one without a body, for
 * which Fastify would wait (`optimizeEmptyRequests`).
 */
export function removeUselessContentType({ headers }: FastifyRequest): void {
  const type = headers['content-type'];
  if (type === undefined) return;
  const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  if (!hasBody || !MEDIA_TYPE.test(type)) delete headers['content-type'];
}

function parseForm(request: FastifyRequest, body: Buffer, done: Done): void {
  if (!request.routeOptions.config.acceptsForm) return keepUnparsed(request, body, done);
  done(null, parse(body.toString('utf8')));
}

function keepUnparsed(_request: FastifyRequest, body: Buffer, done: Done): void {
  done(null, body.length === 0 ? undefined : new UnsupportedBody());
}
