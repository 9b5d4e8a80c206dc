import { isUtf8 } from 'node:buffer';
import { parse } from 'node:querystring';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Problem } from '../errors/domain-error.js';
import { duplicateKeys, parsedJson } from '../json.js';

type Done = (error: Error | null, body?: unknown) => void;

/** Stands for a body of an unsupported media type or content coding until a handler reads it, as `MalformedJson` does. */
export class UnsupportedBody {
  constructor(readonly isEncoded: boolean) {}
}

const FORM = 'application/x-www-form-urlencoded';
const MULTIPART = 'multipart/form-data';
const MEDIA_TYPE = /^\s*[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(?:;|$)/;

/** In bytes; ten times the size of 500 invitations with long names. */
export const MAX_BODY_BYTES = 1_048_576;

/** Replaces the parsers of Nest and Fastify, which accept forms and plain text on every route. */
export function registerBodyParsers(app: NestFastifyApplication): void {
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  fastify.removeContentTypeParser('text/plain');
  for (const type of ['application/json', 'application/scim+json'])
    app.useBodyParser(type, { bodyLimit: MAX_BODY_BYTES }, parseJson);
  app.useBodyParser(FORM, { bodyLimit: MAX_BODY_BYTES }, parseForm);
  app.useBodyParser(MULTIPART, { bodyLimit: MAX_BODY_BYTES }, parseMultipart);
  app.useBodyParser('*', { bodyLimit: MAX_BODY_BYTES }, keepUnparsed);
  fastify.addHook('onRoute', (route) => {
    if (route.config?.maxBodyBytes !== undefined) route.bodyLimit = route.config.maxBodyBytes;
  });
}

/**
 * Drops an invalid Content-Type, which Fastify would refuse before the caller is authenticated, and one without a body, for
 * which Fastify would wait (`optimizeEmptyRequests`).
 */
export function removeUselessContentType({ headers }: FastifyRequest): void {
  const type = headers['content-type'] ?? '';
  const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  if (!hasBody || !MEDIA_TYPE.test(type)) delete headers['content-type'];
}

function parseForm(request: FastifyRequest, body: Buffer, done: Done): void {
  if (isEncoded(request) || !request.routeOptions.config.acceptsForm)
    return keepUnparsed(request, body, done);
  done(null, parse(body.toString('utf8')));
}

function parseMultipart(request: FastifyRequest, body: Buffer, done: Done): void {
  if (isEncoded(request) || !request.routeOptions.config.acceptsForm)
    return keepUnparsed(request, body, done);
  void passMultipart(request.headers['content-type'] ?? '', body, done);
}

async function passMultipart(type: string, body: Buffer, done: Done): Promise<void> {
  done(null, await multipartForm(type, body));
}

/** As a form; a repeated name has a list. Routes that accept forms take no files. */
async function multipartForm(type: string, body: Buffer): Promise<unknown> {
  try {
    const entries = [...(await new Response(body, { headers: { 'content-type': type } }).formData())];
    const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    return texts.length === entries.length ? parse(new URLSearchParams(texts).toString()) : undefined;
  } catch {
    return new MalformedJson();
  }
}

function keepUnparsed(request: FastifyRequest, body: Buffer, done: Done): void {
  done(null, body.length === 0 ? undefined : new UnsupportedBody(isEncoded(request)));
}

const isEncoded = ({ headers: { 'content-encoding': coding = 'identity' } }: FastifyRequest): boolean =>
  coding.toLowerCase() !== 'identity';

const NO_JSON: Problem = { loc: ['body'], msg: 'JSON decode error', type: 'json_invalid' };

/**
 * Stands for a malformed body until a handler reads it: bodies are parsed before authentication, and missing
 * permissions must be reported first (docs/contract/http.md#order-of-checks).
 */
export class MalformedJson {
  constructor(readonly problems: readonly Problem[] = [NO_JSON]) {}
}

const MAX_DEPTH = 64; // nested lists and objects; a SCIM bulk request has eight

/**
 * Parses JSON in UTF-8 (RFC 8259, section 8.1) without `__proto__` keys, duplicate keys (section 4) and nesting that
 * could exhaust the stack. An empty body counts as absent: generated clients announce JSON on a DELETE and send
 * nothing.
 */
export function parseJson(request: FastifyRequest, body: Buffer, done: Done): void {
  if (body.length === 0 || isEncoded(request)) return keepUnparsed(request, body, done);
  done(null, parseStrictly(body));
}

function parseStrictly(body: Buffer): unknown {
  if (!isUtf8(body)) return new MalformedJson();
  const text = body.toString('utf8');
  const value = parsedJson(text);
  const duplicates = value === undefined ? null : duplicateKeys(text, MAX_DEPTH);
  if (!duplicates) return new MalformedJson();
  return duplicates.length === 0 ? value : new MalformedJson(duplicates.map(duplicateKey));
}

const duplicateKey = (path: Problem['loc']): Problem => ({
  loc: ['body', ...path],
  msg: 'Duplicate key',
  type: 'duplicate_key',
});
