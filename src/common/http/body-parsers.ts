import { parse } from 'node:querystring';
import { type NestFastifyApplication, RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseJson } from './json-body.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    acceptsForm?: boolean;
  }
}

type Done = (error: Error | null, body?: unknown) => void;

/** Stands for a body of a media type that the route does not take, for the same reason as `MalformedJson`. */
export class UnsupportedBody {}

const FORM = 'application/x-www-form-urlencoded';
const MEDIA_TYPE = /^\s*[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(?:;|$)/;

/** On a route whose body OpenID Connect and OAuth want as a form; everywhere else a body is JSON. */
export const AcceptsForm = () => RouteConfig({ acceptsForm: true });

/** In bytes; 500 invitations with long names are a tenth of it. */
export const MAX_BODY_BYTES = 1_048_576;

/** Instead of what Nest and Fastify would read: forms and plain text on every route. */
export function registerBodyParsers(app: NestFastifyApplication): void {
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  fastify.removeContentTypeParser('text/plain');
  for (const type of ['application/json', 'application/scim+json'])
    app.useBodyParser(type, { bodyLimit: MAX_BODY_BYTES }, parseJson);
  app.useBodyParser(FORM, { bodyLimit: MAX_BODY_BYTES }, parseForm);
  app.useBodyParser('*', { bodyLimit: MAX_BODY_BYTES }, keepUnparsed);
}

/** A type that is none would be refused by Fastify, before anybody knows who is calling: it is as good as no type. */
export function removeInvalidContentType(
  { headers }: FastifyRequest,
  _reply: unknown,
  done: () => void,
): void {
  const type = headers['content-type'];
  if (type !== undefined && !MEDIA_TYPE.test(type)) delete headers['content-type'];
  done();
}

function parseForm(request: FastifyRequest, body: Buffer, done: Done): void {
  if (!request.routeOptions.config.acceptsForm) return keepUnparsed(request, body, done);
  done(null, parse(body.toString('utf8')));
}

function keepUnparsed(_request: FastifyRequest, body: Buffer, done: Done): void {
  done(null, body.length === 0 ? undefined : new UnsupportedBody());
}
