import { BULK_PATH, type BulkEntry, type BulkOperation } from './bulk.js';
import { ScimError } from './scim.errors.js';
import { isObject, type Json } from './value.js';

const REFERENCE = /^bulkId:(.+)$/;

/** The bulkIds that an operation refers to, in its path or anywhere in its data. */
export const referencesOf = ({ id, data }: BulkOperation): Set<string> =>
  new Set([...textsIn(id), ...textsIn(data)].flatMap((text) => REFERENCE.exec(text)?.[1] ?? []));

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

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const part of value) yield* textsIn(part);
  else if (isObject(value)) for (const part of Object.values(value)) yield* textsIn(part);
}

function mapTexts(value: Json, replace: (text: string) => string): Json {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((part) => mapTexts(part, replace));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, mapTexts(part, replace)]));
}

/**
 * Execution order: as sent, but referenced operations first (RFC 7644, section 3.7.1). Operations in a reference
 * cycle, and those that depend on one, are `stuck`.
 */
export function executionOrder(entries: readonly BulkEntry[]): {
  order: BulkEntry[];
  unresolvable: ReadonlySet<BulkEntry>;
} {
  const creators = new Map(
    entries.flatMap((entry) =>
      createsResource(entry) && entry.bulkId !== null ? [[entry.bulkId, entry] as const] : [],
    ),
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

const createsResource = (entry: BulkEntry): boolean =>
  'operation' in entry && entry.operation.method === 'POST';
