import type { FastifyRequest } from 'fastify';

type Done = (error: Error | null, body?: unknown) => void;

/**
 * Stands for a body that is no JSON until somebody reads it: bodies are parsed before anybody knows who is calling,
 * and who may not call is told that first (contract decision 43).
 */
export class MalformedJson {}

/**
 * JSON without `__proto__` surprises. An empty body is no body: generated clients announce JSON on a DELETE and send
 * nothing.
 */
export function parseJson(_request: FastifyRequest, body: Buffer, done: Done): void {
  if (body.length === 0) return done(null, undefined);
  try {
    done(null, JSON.parse(body.toString('utf8')));
  } catch {
    done(null, new MalformedJson());
  }
}
