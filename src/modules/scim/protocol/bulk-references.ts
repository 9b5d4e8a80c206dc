import { BULK_PATH, type BulkEntry, type BulkOperation } from './bulk.js';
import { ScimError } from './scim-error.js';
import { isObject, type Json } from './value.js';

const REFERENCE = /^bulkId:(.+)$/;

/** The bulkIds that an operation refers to, in its path or anywhere in its data. */
export const referencesOf = ({ id, data }: BulkOperation): Set<string> =>
  new Set([...textsIn(id), ...textsIn(data)].flatMap((text) => REFERENCE.exec(text)?.[1] ?? []));

/** The operation with ids in place of its references. Throws invalidValue for a bulkId that nothing was made under. */
export function resolved(operation: BulkOperation, ids: ReadonlyMap<string, string>): BulkOperation {
  const replace = (text: string): string => {
    const known = idOf(text, ids);
    if (known === null) throw new ScimError('invalidValue', `Nothing was made as ${text}.`);
    return known;
  };
  const { id, data } = operation;
  return { ...operation, id: id === null ? null : replace(id), data: mapped(data as Json, replace) };
}

/** Where the resource is that an operation is about (below the base of SCIM), also when it fails; null for none. */
export function placeOfEntry({ path }: BulkEntry, ids: ReadonlyMap<string, string>): string | null {
  const [, resource, id = ''] = BULK_PATH.exec(path ?? '') ?? [];
  const known = idOf(id, ids);
  return resource === undefined || known === null ? null : `/${resource}/${known}`;
}

/** What stands in place of a reference; any other text is its own. Null for a bulkId that nothing was made under. */
function idOf(text: string, ids: ReadonlyMap<string, string>): string | null {
  const bulkId = REFERENCE.exec(text)?.[1];
  return bulkId === undefined ? text : (ids.get(bulkId) ?? null);
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
 * other in a circle, and those that need one of them, are `stuck`.
 */
export function workingOrder(entries: readonly BulkEntry[]): {
  order: BulkEntry[];
  stuck: ReadonlySet<BulkEntry>;
} {
  const makers = new Map(
    entries.flatMap((entry) => (isMaker(entry) ? [[entry.bulkId!, entry] as const] : [])),
  );
  const done = new Set<BulkEntry>();
  const visiting = new Set<BulkEntry>();
  const stuck = new Set<BulkEntry>();
  const visit = (entry: BulkEntry): void => {
    if (done.has(entry) || visiting.has(entry)) return;
    visiting.add(entry);
    const needed = 'operation' in entry ? referencesOf(entry.operation) : [];
    for (const maker of [...needed].flatMap((bulkId) => makers.get(bulkId) ?? [])) {
      visit(maker);
      if (!done.has(maker) || stuck.has(maker)) stuck.add(entry);
    }
    done.add(entry);
  };
  for (const entry of entries) visit(entry);
  return { order: [...done], stuck };
}

/** The status that RFC 7644, section 3.7.1, has for it. */
export const refersInCircle = (): ScimError =>
  new ScimError(
    null,
    'This refers in a circle to what the same request is to make: set one of them later.',
    409,
  );

const isMaker = (entry: BulkEntry): boolean => 'operation' in entry && entry.operation.method === 'POST';
