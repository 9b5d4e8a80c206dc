import type { INestApplication } from '@nestjs/common';
import type * as Swagger from '@nestjs/swagger';
import { publishedEnums } from '../common/http/operations/field.decorator.js';
import { applySwaggerDecorators } from '../common/http/operations/swagger.decorator.js';
import { addErrorResponses, ERROR_SCHEMAS, type ErrorStatuses } from './error-responses.js';
import { version } from '../common/version.js';
import { SYSTEM_ROLES } from '../modules/roles/index.js';
import { roles, tags, userGroups } from './reference/access.js';
import { authorization } from './reference/authorization.js';
import { accessRequests, invitations, members } from './reference/people.js';
import { EXAMPLE_IDS, findListOf, type OperationText, type Task } from './reference/task.js';
import { audit, instance, organizations, provisioning, workspaces } from './reference/organizations.js';
import { receivers } from './reference/receivers.js';
import { applications } from './reference/applications.js';
import { keys, signIn } from './reference/sign-in.js';

type OpenAPIObject = Swagger.OpenAPIObject;
type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
type Operation = NonNullable<OpenAPIObject['paths'][string]['get']> & { 'x-permission'?: string };
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/**
 * The OpenAPI description of this server, with the operation ids and component names of the published one.
 * `scripts/openapi-write.mjs` passes `@nestjs/swagger`, the table of errors, and the operations that are published
 * without an id, as in `get /auth/public`.
 */
export function describeApi(
  app: INestApplication,
  swagger: typeof Swagger,
  statuses: ErrorStatuses,
  unnamed: ReadonlySet<string>,
): OpenAPIObject {
  applySwaggerDecorators(swagger);
  const described = swagger.SwaggerModule.createDocument(app, baseDocument(swagger), {
    operationIdFactory: (_, method) => method,
    autoTagControllers: false,
  });
  for (const [path, item] of Object.entries(described.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (!operation) continue;
      finish(operation, path, method);
      if (unnamed.has(`${method} ${path}`)) delete operation.operationId; // generators name these after the path
      operation.security ??= []; // public
      addErrorResponses(operation, method, path, statuses);
    }
  }
  const components = described.components ?? {};
  components.schemas = sorted({
    ...components.schemas,
    ...VALIDATION_ERRORS,
    ...(ERROR_SCHEMAS as Schemas),
    ...Object.fromEntries(publishedEnums),
  });
  return withoutStrayTypes({ ...described, components, paths: sorted(described.paths), ...REFERENCE });
}

/** Removes the `type` and `allOf` that Nest adds beside `$ref`, and the `type` beside `anyOf`. */
function withoutStrayTypes<T>(part: T): T {
  if (Array.isArray(part)) return part.map(withoutStrayTypes) as T;
  if (typeof part !== 'object' || part === null) return part;
  const strayKeys = '$ref' in part ? ['type', 'allOf'] : 'anyOf' in part ? ['type'] : [];
  const entries = Object.entries(part).filter(([key]) => !strayKeys.includes(key));
  return Object.fromEntries(entries.map(([key, value]) => [key, withoutStrayTypes(value)])) as T;
}

const baseDocument = (swagger: typeof Swagger) =>
  new swagger.DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Tenantry')
    .setDescription('Organizations, workspaces, members, roles and invitations of a self-hosted product.')
    .setVersion(version)
    .addServer('/')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key' }, 'API_Key')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-Tenant-Id' }, 'Tenant_ID')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-Organization-Id' }, 'Organization_ID')
    .addBearerAuth({ type: 'http', scheme: 'bearer' }, 'Bearer_Auth')
    // Published operations do not name it; it is accepted wherever "Bearer_Auth" is.
    .addCookieAuth('__Host-tenantry_session', { type: 'apiKey', in: 'cookie' }, 'Session_Cookie')
    .build();

/** Operations outside `/api` declare their own errors. */
function finish(operation: Operation, path: string, method: string): void {
  const handler = (operation.operationId ?? '').replace(/\[\d\]$/, ''); // Nest numbers handlers with several paths
  describeOperation(operation, method, path, handler);
  operation.operationId = operationId(handler, path, method);
  if (!path.startsWith('/api/')) return;
  if (operation.parameters?.length || operation.requestBody) operation.responses['422'] ??= UNPROCESSABLE;
  if (operation.parameters?.length === 0) delete operation.parameters;
  for (const parameter of operation.parameters ?? []) {
    if ('deprecated' in parameter && parameter.deprecated)
      Object.assign(parameter.schema ?? {}, { deprecated: true });
  }
}

/** `listWorkspaces`, `/api/v1/workspaces`, get → `list_workspaces_api_v1_workspaces_get`: method names in clients. */
const operationId = (handler: string, path: string, method: string) =>
  `${handler.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}${path.replace(/\W/g, '_')}_${method}`;

const UNPROCESSABLE = {
  description: 'Validation Error',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/HTTPValidationError' } } },
};

const VALIDATION_ERRORS: Schemas = {
  HTTPValidationError: {
    type: 'object',
    properties: { detail: { type: 'array', items: { $ref: '#/components/schemas/ValidationError' } } },
  },
  ValidationError: {
    type: 'object',
    properties: {
      loc: { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'integer' }] } },
      msg: { type: 'string' },
      type: { type: 'string' },
    },
    required: ['loc', 'msg', 'type'],
  },
};

const sorted = <T extends object>(object: T): T =>
  Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1))) as T;

/** In the order in which an installation needs them. */
const TASKS: readonly Task[] = [
  signIn,
  invitations,
  members,
  workspaces,
  roles,
  userGroups,
  accessRequests,
  tags,
  authorization,
  keys,
  applications,
  organizations,
  provisioning,
  audit,
  receivers,
  instance,
];

const OTHER_OPERATIONS: Task = { title: 'Everything else', intro: '', operations: {} };

type OrderedOperation = OperationText & { task: Task; rank: number };

/** By method and path, as in `GET /api/v1/workspaces`. */
const OPERATIONS: ReadonlyMap<string, OrderedOperation> = new Map(
  TASKS.flatMap((task) =>
    Object.entries(task.operations).map(([name, text], rank) => [name, { ...text, task, rank }] as const),
  ),
);

/** The text of an operation; without one, the handler name in words is the title. */
const textOf = (name: string, handler: string): OrderedOperation =>
  OPERATIONS.get(name) ?? { title: toWords(handler) || name, task: OTHER_OPERATIONS, rank: 0 };

const toWords = (handler: string) => {
  const words = handler.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** Adds the reference text to an operation; `handler` is the name of its controller method. */
function describeOperation(operation: Operation, method: string, path: string, handler: string): void {
  const {
    title,
    description,
    body,
    values = {},
    task,
    rank,
  } = textOf(`${method.toUpperCase()} ${path}`, handler);
  const permission = operation['x-permission'];
  Object.assign(operation, {
    summary: title,
    ...(description ? { description: description } : {}),
    'x-task': task.title,
    'x-rank': rank,
    ...(permission ? { 'x-held-by': holdersOf(permission) } : {}),
  });
  const content =
    operation.requestBody && 'content' in operation.requestBody ? operation.requestBody.content : {};
  if (body !== undefined && content['application/json']) content['application/json'].example = body;
  for (const parameter of operation.parameters ?? []) {
    if (!('name' in parameter)) continue;
    const list = parameter.in === 'path' ? findListOf(path, parameter.name) : null;
    if (list) Object.assign(parameter, { 'x-found-in': list });
    if (values[parameter.name]) parameter.example = values[parameter.name];
  }
}

/** Display names of the system roles with a permission; custom roles can have it, too. */
const holdersOf = (permission: string): string[] =>
  SYSTEM_ROLES.filter(({ permissions }) => (permissions as readonly string[]).includes(permission)).map(
    ({ displayName }) => displayName,
  );

/** Used by the reference page: the tasks in order, and the lists with the ids for examples. */
const REFERENCE = {
  'x-tasks': TASKS.map(({ title, intro }) => ({ title, intro })),
  'x-ids': EXAMPLE_IDS,
};
