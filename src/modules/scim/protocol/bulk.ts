import { ScimError } from './scim.errors.js';
import { bodyOf, isObject, type Json, type JsonObject, stringsIn } from './value.js';

const BULK_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
const BULK_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';
export const MAX_BULK_OPERATIONS = 1_000;
const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;
const BULK_PATH = /^\/(Users|Groups)(?:\/([^/?]+))?$/;

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

/** RFC 7644, section 3.7. @throws ScimError if the body is no bulk request, with status 413 if it has too many operations */
export function readBulk(body: unknown) {
  const { schemas, Operations: operations, failOnErrors = null } = bodyOf(body);
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
  const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : '');
  const method = text('method').toUpperCase();
  const bulkId = text('bulkId') || null;
  const [path = null, resource, id = null] = BULK_PATH.exec(text('path')) ?? [];
  const names = { method, bulkId, path: id !== null && method !== 'POST' ? path : null };
  try {
    return { ...names, operation: operationOf(fields, { method, bulkId, resource, id }) };
  } catch (error) {
    if (error instanceof ScimError) return { ...names, error };
    throw error;
  }
}

function operationOf(
  fields: JsonObject,
  {
    resource,
    id,
    bulkId,
    ...named
  }: Pick<BulkOperation, 'id' | 'bulkId'> & { method: string; resource?: string | undefined },
): BulkOperation {
  const method = METHODS.find((one) => one === named.method);
  if (!method) throw new ScimError('invalidSyntax', `method has to be one of ${METHODS.join(', ')}.`);
  if (!resource)
    throw new ScimError('invalidPath', 'path has to be /Users or /Groups, with an id unless it is a POST.');
  if ((method === 'POST') !== (id === null))
    throw new ScimError('invalidPath', `This path is not valid for ${method}.`);
  if (method === 'POST' && bulkId === null) throw new ScimError('invalidSyntax', 'A POST needs a bulkId.');
  if (method !== 'DELETE' && !isObject(fields.data))
    throw new ScimError('invalidSyntax', `${method} needs data.`);
  const version = typeof fields.version === 'string' ? fields.version : null;
  return { method, resource: resource as 'Users', id, bulkId, version, data: fields.data };
}

export const bulkResponse = (operations: readonly JsonObject[]): JsonObject => ({
  schemas: [BULK_RESPONSE],
  Operations: [...operations],
});

const REFERENCE = /^bulkId:(.+)$/;

/** The bulkIds that an operation refers to, in its path or anywhere in its data. */
export const referencesOf = ({ id, data }: BulkOperation): Set<string> =>
  new Set(stringsIn([id, data as Json]).flatMap((text) => REFERENCE.exec(text)?.[1] ?? []));

/** The operation with ids in place of its references. @throws ScimError invalidValue for an unknown bulkId. */
export function resolveReferences(operation: BulkOperation, ids: ReadonlyMap<string, string>): BulkOperation {
  const replace = (text: string): string => {
    const knownId = idOf(text, ids);
    if (knownId === null) throw new ScimError('invalidValue', `No resource was created for ${text}.`);
    return knownId;
  };
  const { id, data } = operation;
  return { ...operation, id: id === null ? null : replace(id), data: mapTexts(data as Json, replace) };
}

/** Location of the operation's resource below the SCIM base, also if the operation fails; null if there is none. */
export function locationOfEntry({ path }: BulkEntry, ids: ReadonlyMap<string, string>): string | null {
  const [, resource, id = ''] = BULK_PATH.exec(path ?? '') ?? [];
  const knownId = idOf(id, ids);
  return resource === undefined || knownId === null ? null : `/${resource}/${knownId}`;
}

/** The id behind a reference; any other text is returned unchanged. Null for an unknown bulkId. */
function idOf(text: string, ids: ReadonlyMap<string, string>): string | null {
  const bulkId = REFERENCE.exec(text)?.[1];
  return bulkId === undefined ? text : (ids.get(bulkId) ?? null);
}

function mapTexts(value: Json, replace: (text: string) => string): Json {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((part) => mapTexts(part, replace));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, mapTexts(part, replace)]));
}

/** As sent, but referenced ones first (RFC 7644, section 3.7.1). `unresolvable`: in a reference cycle, or dependent on one. */
export function executionOrder(entries: readonly BulkEntry[]) {
  const creators = new Map(
    entries
      .filter((entry) => 'operation' in entry && entry.operation.method === 'POST')
      .map((entry) => [entry.bulkId, entry]),
  );
  const done = new Set<BulkEntry>();
  const visiting = new Set<BulkEntry>();
  const unresolvable = new Set<BulkEntry>();
  const visit = (entry: BulkEntry): void => {
    if (done.has(entry) || visiting.has(entry)) return;
    visiting.add(entry);
    const needed = 'operation' in entry ? referencesOf(entry.operation) : [];
    for (const creator of [...needed].flatMap((bulkId) => creators.get(bulkId) ?? [])) {
      visit(creator);
      if (!done.has(creator) || unresolvable.has(creator)) unresolvable.add(entry);
    }
    done.add(entry);
  };
  for (const entry of entries) visit(entry);
  return { order: [...done], unresolvable };
}

/** Status 409, as RFC 7644, section 3.7.1, requires. */
export const circularReferenceError = (): ScimError =>
  new ScimError(
    null,
    'The operations refer to each other in a cycle: set one of the references in a later request.',
    { status: 409, code: 'scim_circular_reference' },
  );
