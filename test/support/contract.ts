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
const validators = new Map<string, Validator | null>();

/**
 * Throws when an answer is not what the description says of it, so that a wrong shape cannot pass a test. Loaded once
 * per worker, for compiling takes long; so the description is the committed one. It is held against the one that the
 * server serves by a test of its own, and against the published contract by `npm run openapi:compare`.
 */
export function validateAnswer(method: string, path: string, reply: Reply): void {
  if (reply.status >= 500)
    throw new Error(`${method} ${path} answered ${reply.status}: ${JSON.stringify(reply.body)}`);
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

/** The schema, whose references are those of the whole description. */
function intoDescription(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/', `"${DESCRIPTION}#/`)) as object;
}

/** Literal segments win over parameters: `/members/active` is not a member called `active`. */
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
