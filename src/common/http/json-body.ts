import type { FastifyRequest } from 'fastify';

type Done = (error: Error | null, body?: unknown) => void;

class MalformedJson extends Error {
  readonly statusCode = 400;
}

/**
 * JSON without `__proto__` surprises. An empty body is no body: generated clients announce JSON on a DELETE and send
 * nothing.
 */
export function parseJson(_request: FastifyRequest, body: Buffer, done: Done): void {
  if (body.length === 0) return done(null, undefined);
  try {
    done(null, JSON.parse(body.toString('utf8')));
  } catch {
    done(new MalformedJson('the body is not JSON'));
  }
}
