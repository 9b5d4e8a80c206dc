import { MOST_BULK_OPERATIONS } from './discovery.js';
import { ScimError } from './scim-error.js';
import { isObject, type Json, type JsonObject } from './value.js';

const BULK_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
const BULK_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';
const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;
const PATH = /^\/(Users|Groups)(?:\/([^/?]+))?$/;
const REFERENCE = /^bulkId:(.+)$/;

export type BulkOperation = {
  readonly method: (typeof METHODS)[number];
  readonly resource: 'Users' | 'Groups';
  /** Null for what is to be made; perhaps `bulkId:…`. */
  readonly id: string | null;
  readonly bulkId: string | null;
  readonly version: string | null;
  readonly data: unknown;
};

/** An operation that cannot be one has its error in its place, so that the others are still done. */
export type BulkEntry = { readonly method: string; readonly bulkId: string | null } & (
  { readonly operation: BulkOperation } | { readonly error: ScimError }
);

export type BulkRequest = { readonly entries: readonly BulkEntry[]; readonly failOnErrors: number | null };

/** RFC 7644, section 3.7. Throws for what is no bulk at all, and 413 for one that is too long. */
export function readBulk(body: unknown): BulkRequest {
  if (!isObject(body)) throw new ScimError('invalidSyntax', 'The body has to be a JSON object.');
  const { schemas, Operations: operations, failOnErrors = null } = body;
  if (!Array.isArray(schemas) || !schemas.includes(BULK_REQUEST))
    throw new ScimError('invalidSyntax', `schemas has to name ${BULK_REQUEST}.`);
  if (!Array.isArray(operations)) throw new ScimError('invalidSyntax', 'Operations has to be a list.');
  if (operations.length > MOST_BULK_OPERATIONS)
    throw new ScimError(
      'tooMany',
      `At most ${MOST_BULK_OPERATIONS} operations are taken in one request.`,
      413,
    );
  if (
    failOnErrors !== null &&
    !(typeof failOnErrors === 'number' && Number.isInteger(failOnErrors) && failOnErrors > 0)
  )
    throw new ScimError('invalidValue', 'failOnErrors has to be a whole number above 0.');
  return { entries: operations.map(entryOf), failOnErrors };
}

function entryOf(given: Json): BulkEntry {
  const fields = isObject(given) ? given : {};
  const names = {
    method: typeof fields.method === 'string' ? fields.method.toUpperCase() : '',
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
  const [, resource, id = null] = PATH.exec(typeof fields.path === 'string' ? fields.path : '') ?? [];
  if (!resource)
    throw new ScimError('invalidPath', 'path has to be /Users or /Groups, with an id unless it is a POST.');
  if ((method === 'POST') !== (id === null))
    throw new ScimError('invalidPath', `This is no path for ${method}.`);
  if (method === 'POST' && names.bulkId === null)
    throw new ScimError('invalidSyntax', 'A POST needs a bulkId.');
  if (method !== 'DELETE' && !isObject(fields.data))
    throw new ScimError('invalidSyntax', `${method} needs data.`);
  const version = typeof fields.version === 'string' ? fields.version : null;
  return { method, resource: resource as 'Users', id, bulkId: names.bulkId, version, data: fields.data };
}

/** The bulkIds that an operation refers to, in its path or anywhere in its data. */
export const referencesOf = ({ id, data }: BulkOperation): Set<string> =>
  new Set([...textsIn(id), ...textsIn(data)].flatMap((text) => REFERENCE.exec(text)?.[1] ?? []));

/** The operation with ids in place of its references. Throws invalidValue for a bulkId that nothing was made under. */
export function resolved(operation: BulkOperation, ids: ReadonlyMap<string, string>): BulkOperation {
  const replace = (text: string): string => {
    const bulkId = REFERENCE.exec(text)?.[1];
    if (bulkId === undefined) return text;
    const id = ids.get(bulkId);
    if (id === undefined) throw new ScimError('invalidValue', `Nothing was made as bulkId:${bulkId}.`);
    return id;
  };
  const { id, data } = operation;
  return { ...operation, id: id === null ? null : replace(id), data: mapped(data as Json, replace) };
}

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const part of value) yield* textsIn(part);
  else if (isObject(value)) for (const part of Object.values(value)) yield* textsIn(part);
}

function mapped(value: Json, replace: (text: string) => string): Json {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((part) => mapped(part, replace));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, mapped(part, replace)]));
}

/**
 * The order to work in: as sent, but what others refer to first (RFC 7644, section 3.7.1). Operations that refer to each
 * other in a circle come as they were sent; the first of them finds nothing made under its reference.
 */
export function workingOrder(entries: readonly BulkEntry[]): BulkEntry[] {
  const makers = new Map(
    entries.flatMap((entry) => (isMaker(entry) ? [[entry.bulkId!, entry] as const] : [])),
  );
  const done = new Set<BulkEntry>();
  const visiting = new Set<BulkEntry>();
  const visit = (entry: BulkEntry): void => {
    if (done.has(entry) || visiting.has(entry)) return;
    visiting.add(entry);
    const needed = 'operation' in entry ? referencesOf(entry.operation) : [];
    for (const bulkId of needed) if (makers.has(bulkId)) visit(makers.get(bulkId)!);
    done.add(entry);
  };
  for (const entry of entries) visit(entry);
  return [...done];
}

const isMaker = (entry: BulkEntry): boolean => 'operation' in entry && entry.operation.method === 'POST';

export const bulkResponse = (operations: readonly JsonObject[]): JsonObject => ({
  schemas: [BULK_RESPONSE],
  Operations: [...operations],
});
