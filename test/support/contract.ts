import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Reply } from './api.js';

type Validator = ((value: unknown) => boolean) & { errors?: unknown };
type Described = { responses: Record<string, { content?: Record<string, { schema: object }> }> };
type Description = { paths: Record<string, Record<string, Described>> };
type Operation = { method: string; template: string; path: RegExp; described: Described };

const DESCRIPTION = 'served';
const description = JSON.parse(
  readFileSync(new URL('../../openapi/served.json', import.meta.url), 'utf8'),
) as Description;
const operations = operationsOf(description);
const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false });
formats.default(ajv);
ajv.addSchema({ ...description, $id: DESCRIPTION });
const ERROR_CODE = /^[a-z]+(_[a-z]+)*$/;
const validators = new Map<string, Validator | null>();

/**
 * Throws when a response does not match the description. Loaded once per worker, since compiling is slow, so it uses
 * the committed description; another test compares that with the served one, and `npm run openapi:compare` with the
 * published contract.
 */
export function validateAnswer(method: string, path: string, reply: Reply): void {
  if (reply.status >= 500)
    throw new Error(`${method} ${path} answered ${reply.status}: ${JSON.stringify(reply.body)}`);
  if (reply.status >= 400 && !ERROR_CODE.test(reply.headers.get('x-error-code') ?? ''))
    throw new Error(`${method} ${path} answered ${reply.status} without X-Error-Code`);
  const validate = validatorFor(method, path.split('?', 1)[0]!, reply.status);
  if (validate && !validate(reply.body)) {
    throw new Error(
      `${method} ${path} ${reply.status} is not as described: ${JSON.stringify(validate.errors)}`,
    );
  }
}

function validatorFor(method: string, path: string, status: number): Validator | null {
  const operation = operations.find((one) => one.method === method && one.path.test(path));
  if (!operation) return null;
  const key = `${method} ${operation.template} ${status}`;
  const known = validators.get(key);
  if (known !== undefined) return known;
  const schema = operation.described.responses[status]?.content?.['application/json']?.schema;
  const validator = schema ? (ajv.compile(intoDescription(schema)) as Validator) : null;
  validators.set(key, validator);
  return validator;
}

/** The schema with its references resolved in the whole description. */
function intoDescription(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/', `"${DESCRIPTION}#/`)) as object;
}

/** Literal segments precede parameters: `/members/active` is not a member with the id `active`. */
function operationsOf({ paths }: Description): Operation[] {
  const parameters = ({ template }: Operation) => template.split('{').length;
  return Object.entries(paths)
    .flatMap(([template, methods]) =>
      Object.entries(methods).map(([method, described]) => {
        const path = new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`);
        return { method: method.toUpperCase(), template, path, described };
      }),
    )
    .sort((a, b) => parameters(a) - parameters(b));
}
