import type { OpenAPIObject } from '@nestjs/swagger';
import { SYSTEM_ROLES } from '../../modules/roles/index.js';
import { roles, tags, userGroups } from './access.js';
import { accessRequests } from './access-requests.js';
import { authorization } from './authorization.js';
import { EXAMPLE_IDS, findListOf, type OperationText, type Task } from './task.js';
import { audit, instance, organizations, provisioning, workspaces } from './organizations.js';
import { invitations, members } from './people.js';
import { receivers } from './receivers.js';
import { keys, signIn } from './sign-in.js';

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

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']> & { 'x-permission'?: string };

/** Adds the reference text to an operation; `handler` is the name of its controller method. */
export function describeOperation(operation: Operation, method: string, path: string, handler: string): void {
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
export const REFERENCE = {
  'x-tasks': TASKS.map(({ title, intro }) => ({ title, intro })),
  'x-ids': EXAMPLE_IDS,
};
