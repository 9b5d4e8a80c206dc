import { isUtf8 } from 'node:buffer';
import type { FastifyRequest } from 'fastify';

type Done = (error: Error | null, body?: unknown) => void;

/**
 * Stands for a body that is no JSON until somebody reads it: bodies are parsed before anybody knows who is calling,
 * and who may not call is told that first (contract decision 43).
 */
export class MalformedJson {}

const DEEPEST = 64; // lists and objects within one another; a SCIM bulk has eight

/**
 * JSON without `__proto__` surprises, in UTF-8 (RFC 8259, section 8.1), and not so deep that whoever walks through it
 * runs out of stack. An empty body is no body: generated clients announce JSON on a DELETE and send nothing.
 */
export function parseJson(_request: FastifyRequest, body: Buffer, done: Done): void {
  if (body.length === 0) return done(null, undefined);
  done(null, readable(body));
}

function readable(body: Buffer): unknown {
  if (!isUtf8(body)) return new MalformedJson();
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isTooDeep(value) ? new MalformedJson() : value;
  } catch {
    return new MalformedJson();
  }
}

/** Level by level, so that it needs no stack itself. */
function isTooDeep(value: unknown): boolean {
  let level = [value].filter(isContainer);
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === DEEPEST) return true;
    level = level.flatMap((container) => Object.values(container).filter(isContainer));
  }
  return false;
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;
