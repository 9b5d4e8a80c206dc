import { isUtf8 } from 'node:buffer';
import type { FastifyRequest } from 'fastify';
import type { Problem } from '../errors/domain-error.js';
import { duplicateKeys } from './duplicate-keys.js';

type Done = (error: Error | null, body?: unknown) => void;

const NO_JSON: Problem = { loc: ['body'], msg: 'JSON decode error', type: 'json_invalid' };

/**
 * Stands for a body that cannot be used until a handler reads it: bodies are parsed before the caller is known, and a
 * caller without permission is told that first (contract decision 43).
 */
export class MalformedJson {
  constructor(readonly problems: readonly Problem[] = [NO_JSON]) {}
}

const MAX_DEPTH = 64; // lists and objects within one another; a SCIM bulk has eight

/**
 * JSON without `__proto__` surprises, in UTF-8 (RFC 8259, section 8.1), without duplicate keys (section 4), and not so
 * deep that whoever walks through it runs out of stack. An empty body is no body: generated clients announce JSON on a
 * DELETE and send nothing.
 */
export function parseJson(_request: FastifyRequest, body: Buffer, done: Done): void {
  if (body.length === 0) return done(null, undefined);
  done(null, parseStrictly(body));
}

function parseStrictly(body: Buffer): unknown {
  if (!isUtf8(body)) return new MalformedJson();
  const text = body.toString('utf8');
  const value = parsed(text);
  const members = countMembers(value, 1);
  if (value === undefined || members === Infinity) return new MalformedJson();
  const duplicates = duplicateKeys(text, value, members);
  return duplicates.length === 0 ? value : new MalformedJson(duplicates.map(duplicateKey));
}

/** Undefined if it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the parser's own message quotes the text
  }
}

/** The members of all objects in `value`, which is at `depth`; Infinity if there is something deeper than allowed. */
function countMembers(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > MAX_DEPTH) return Infinity;
  let count = 0;
  if (Array.isArray(value)) for (const item of value) count += countMembers(item, depth + 1);
  else for (const key in value) count += 1 + countMembers((value as Record<string, unknown>)[key], depth + 1);
  return count;
}

const duplicateKey = (path: Problem['loc']): Problem => ({
  loc: ['body', ...path],
  msg: 'Duplicate key',
  type: 'duplicate_key',
});
