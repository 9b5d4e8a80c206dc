import { MAX_BULK_OPERATIONS } from './discovery.js';
import { ScimError } from './scim.errors.js';
import { isObject, type Json, type JsonObject } from './value.js';

const BULK_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
const BULK_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';
const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;
/** Path of one resource, or of all resources of a type. */
export const BULK_PATH = /^\/(Users|Groups)(?:\/([^/?]+))?$/;

export type BulkOperation = {
  readonly method: (typeof METHODS)[number];
  readonly resource: 'Users' | 'Groups';
  /** Null for a resource to be created; may be `bulkId:…`. */
  readonly id: string | null;
  readonly bulkId: string | null;
  readonly version: string | null;
  readonly data: unknown;
};

/** A malformed operation carries its error, so that the others are still executed. */
export type BulkEntry = {
  readonly method: string;
  readonly bulkId: string | null;
  /** Null for a resource to be created, and for an invalid path. */
  readonly path: string | null;
} & ({ readonly operation: BulkOperation } | { readonly error: ScimError });

export type BulkRequest = { readonly entries: readonly BulkEntry[]; readonly failOnErrors: number | null };

/**
 * Reads a bulk request (RFC 7644, section 3.7).
 * @throws ScimError if the body is not a bulk request; with status 413 if it has too many operations.
 */
export function readBulk(body: unknown): BulkRequest {
  if (!isObject(body)) throw new ScimError('invalidSyntax', 'The body has to be a JSON object.');
  const { schemas, Operations: operations, failOnErrors = null } = body;
  if (!Array.isArray(schemas) || !schemas.includes(BULK_REQUEST))
    throw new ScimError('invalidSyntax', `schemas has to name ${BULK_REQUEST}.`);
  if (!Array.isArray(operations)) throw new ScimError('invalidSyntax', 'Operations has to be a list.');
  if (operations.length > MAX_BULK_OPERATIONS)
    throw new ScimError('tooMany', `At most ${MAX_BULK_OPERATIONS} operations are accepted in one request.`, {
      status: 413,
      code: 'scim_too_many',
    });
  const entries = operations.map(entryOf);
  assertUniqueBulkIds(entries);
  return { entries, failOnErrors: errorLimit(failOnErrors) };
}

/** Null for no limit, which clients also write as 0 (docs/contract/scim.md#bulk). */
function errorLimit(failOnErrors: Json): number | null {
  if (failOnErrors === null || failOnErrors === 0) return null;
  if (typeof failOnErrors === 'number' && Number.isInteger(failOnErrors) && failOnErrors > 0)
    return failOnErrors;
  throw new ScimError('invalidValue', 'failOnErrors has to be a whole number, 0 for no limit.');
}

/** A bulkId has to identify one resource, or a reference could add the wrong user to a group. */
function assertUniqueBulkIds(entries: readonly BulkEntry[]): void {
  const seen = new Set<string>();
  for (const { bulkId } of entries) {
    if (bulkId === null) continue;
    if (seen.has(bulkId))
      throw new ScimError('invalidValue', `bulkId ${JSON.stringify(bulkId)} is used more than once.`);
    seen.add(bulkId);
  }
}

function entryOf(input: Json): BulkEntry {
  const fields = isObject(input) ? input : {};
  const method = typeof fields.method === 'string' ? fields.method.toUpperCase() : '';
  const [path = null, , id] = BULK_PATH.exec(typeof fields.path === 'string' ? fields.path : '') ?? [];
  const names = {
    method,
    path: id && method !== 'POST' ? path : null,
    bulkId: typeof fields.bulkId === 'string' && fields.bulkId !== '' ? fields.bulkId : null,
  };
  try {
    return { ...names, operation: operationOf(fields, names) };
  } catch (error) {
    if (error instanceof ScimError) return { ...names, error };
    throw error;
  }
}

function operationOf(fields: JsonObject, names: { method: string; bulkId: string | null }): BulkOperation {
  const method = METHODS.find((one) => one === names.method);
  if (!method) throw new ScimError('invalidSyntax', `method has to be one of ${METHODS.join(', ')}.`);
  const [, resource, id = null] = BULK_PATH.exec(typeof fields.path === 'string' ? fields.path : '') ?? [];
  if (!resource)
    throw new ScimError('invalidPath', 'path has to be /Users or /Groups, with an id unless it is a POST.');
  if ((method === 'POST') !== (id === null))
    throw new ScimError('invalidPath', `This path is not valid for ${method}.`);
  if (method === 'POST' && names.bulkId === null)
    throw new ScimError('invalidSyntax', 'A POST needs a bulkId.');
  if (method !== 'DELETE' && !isObject(fields.data))
    throw new ScimError('invalidSyntax', `${method} needs data.`);
  const version = typeof fields.version === 'string' ? fields.version : null;
  return { method, resource: resource as 'Users', id, bulkId: names.bulkId, version, data: fields.data };
}

export const bulkResponse = (operations: readonly JsonObject[]): JsonObject => ({
  schemas: [BULK_RESPONSE],
  Operations: [...operations],
});
