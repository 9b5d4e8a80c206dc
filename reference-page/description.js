// @ts-check
/** Loads the description of the API and groups it for the page. */

/**
 * @typedef {{ $ref?: string, type?: string | string[], format?: string, items?: Schema, enum?: unknown[],
 *   properties?: Record<string, Schema>, required?: string[], anyOf?: Schema[], default?: unknown, deprecated?: boolean,
 *   description?: string, minimum?: number, maximum?: number, pattern?: string }} Schema
 * @typedef {{ name: string, in: string, required?: boolean, schema?: Schema, example?: string, description?: string,
 *   'x-found-in'?: string }} Parameter
 * @typedef {{ 'application/json'?: { schema?: Schema, example?: unknown } }} Content
 * @typedef {{ operationId?: string, summary?: string, description?: string, deprecated?: boolean,
 *   parameters?: Parameter[], requestBody?: { required?: boolean, content?: Content },
 *   responses: Record<string, { description?: string, content?: Content }>, security?: Record<string, unknown>[],
 *   'x-task': string, 'x-rank': number, 'x-permission'?: string, 'x-held-by'?: string[], 'x-session-only'?: boolean
 *   }} Described
 * @typedef {Described & { id: string, method: string, path: string }} Operation
 * @typedef {{ title: string, intro: string, operations: Operation[] }} Task
 * @typedef {{ info: { version: string }, paths: Record<string, Record<string, Described>>,
 *   components: { schemas: Record<string, Schema> }, 'x-tasks': { title: string, intro: string }[],
 *   'x-ids': Record<string, { list: string, example: string }> }} Description
 */

/** @returns {Promise<Description>} */
export async function loadDescription() {
  const response = await fetch(new URL('../openapi.json', import.meta.url));
  if (!response.ok) throw new Error(`the description could not be loaded: HTTP ${response.status}`);
  return response.json();
}

/**
 * The tasks in the order of `x-tasks`, each with its operations in the order of `x-rank`.
 * @param {Description} description
 * @returns {Task[]}
 */
export function tasksOf({ paths, 'x-tasks': tasks }) {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({
      ...described,
      id: `${method}${path.replace(/\W+/g, '-')}`,
      method: method.toUpperCase(),
      path,
    })),
  );
  const known = new Set(tasks.map(({ title }) => title));
  const others = operations.map((operation) => operation['x-task']).filter((title) => !known.has(title));
  return [...tasks, ...[...new Set(others)].map((title) => ({ title, intro: '' }))].map((task) => ({
    ...task,
    operations: operations
      .filter((operation) => operation['x-task'] === task.title)
      .sort(
        (a, b) => Number(a.deprecated ?? false) - Number(b.deprecated ?? false) || a['x-rank'] - b['x-rank'],
      ),
  }));
}

/** @param {Operation} operation */
const schemesOf = ({ security = [] }) => new Set(security.flatMap((scheme) => Object.keys(scheme)));

/** @param {Operation} operation */
export const isPublic = (operation) => schemesOf(operation).size === 0;

/** @param {Operation} operation */
export const takesKeys = (operation) => schemesOf(operation).has('API_Key') && !operation['x-session-only'];

/** @param {Operation} operation */
export const actsInWorkspace = (operation) =>
  schemesOf(operation).has('Tenant_ID') && !operation.path.includes('{workspace_id}');

/**
 * A sentence that says who may call the operation.
 * @param {Operation} operation
 */
export function whoMay(operation) {
  if (isPublic(operation)) return 'Public: no credential is needed.';
  const permission = operation['x-permission'];
  const how = takesKeys(operation) ? '' : ' With a session only, not with a key.';
  if (!permission)
    return `${takesKeys(operation) ? 'Every member of the workspace' : 'Every signed-in user'}.${how}`;
  const holders = operation['x-held-by'] ?? [];
  const everywhere = permission.startsWith('organization:')
    ? ''
    : ', and Organization Admins in every workspace';
  return `Needs \`${permission}\`: ${holders.join(', ')}${everywhere}${permission.startsWith('organization:') ? '' : ', or a custom role that has it'}.${how}`;
}

/**
 * @param {Description} description
 * @param {Schema | undefined} schema
 * @returns {Schema}
 */
export function resolved(description, schema) {
  const name = nameOf(schema);
  return (name && description.components.schemas[name]) || schema || {};
}

/** @param {Schema | undefined} schema */
export const nameOf = (schema) => schema?.$ref?.replace('#/components/schemas/', '') ?? null;

/**
 * A type in few words: `uuid`, `list of PendingIdentity`, `text or null`.
 * @param {Description} description
 * @param {Schema | undefined} schema
 * @returns {string}
 */
export function typeText(description, schema) {
  if (!schema || Object.keys(schema).length === 0) return 'anything';
  if (schema.anyOf) return schema.anyOf.map((one) => typeText(description, one)).join(' or ');
  const values = resolved(description, schema).enum;
  if (values) return values.length > 8 ? (nameOf(schema) ?? 'one of many') : values.map(String).join(' | ');
  const name = nameOf(schema);
  if (name) return name;
  if (schema.type === 'array') return `list of ${typeText(description, schema.items)}`;
  return WORDS[schema.format ?? ''] ?? WORDS[String(schema.type)] ?? String(schema.type ?? 'anything');
}

/** @type {Record<string, string>} */
const WORDS = {
  uuid: 'uuid',
  'date-time': 'instant',
  string: 'text',
  integer: 'whole number',
  boolean: 'true or false',
};
