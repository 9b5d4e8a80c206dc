import type { OpenAPIObject } from '@nestjs/swagger';
import { SYSTEM_ROLES } from '../../modules/rbac/index.js';
import { TASKS, textOf } from './tasks.js';
import { EXAMPLE_IDS, findListOf } from './id-sources.js';

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
