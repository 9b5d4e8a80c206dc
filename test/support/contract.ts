import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Reply } from './api.js';

type ResponseHead = Pick<Reply, 'status' | 'headers'>;
type Validator = ((value: unknown) => boolean) & { errors?: unknown };
type Described = {
  responses: Record<
    string,
    {
      content?: Record<string, { schema: object }>;
      headers?: Record<string, { schema: { enum?: string[] } }>;
    }
  >;
};
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
/** Refusals of HTTP itself, which no operation declares. */
const ANYWHERE = new Set(['ambiguous_host', 'malformed_request', 'method_not_allowed', 'route_not_found']);
const ERROR_CODE = /^[a-z]+(_[a-z]+)*$/;
const validators = new Map<string, Validator | null>();

/**
 * Throws when a response does not match the description. Loaded once per worker, since compiling is slow, so it uses
 * the committed description; another test compares that with the served one, and `npm run openapi:compare` with the
 * published contract.
 */
export function validateResponse(method: string, path: string, reply: Reply): void {
  if (reply.status >= 500)
    throw new Error(`${method} ${path} returned ${reply.status}: ${JSON.stringify(reply.body)}`);
  if (reply.status >= 400) assertDeclared(method, path, reply);
  const operation = operationAt(method, path);
  const validate = operation && !isPage(reply) ? validatorFor(operation, reply) : null;
  if (validate && !validate(reply.body)) {
    throw new Error(
      `${method} ${path} ${reply.status} is not as described: ${JSON.stringify(validate.errors)}`,
    );
  }
}

/** What is wrong with a value by a schema that is not in the description; null: nothing. */
export function schemaErrors(schema: object, value: unknown): unknown {
  const validate = ajv.compile(schema) as Validator;
  return validate(value) ? null : validate.errors;
}

/** Throws when an error response has no code, or one that the description of its operation does not name. */
export function assertDeclared(method: string, path: string, { status, headers }: ResponseHead): void {
  const code = headers.get('x-error-code') ?? '';
  if (!ERROR_CODE.test(code)) throw new Error(`${method} ${path} returned ${status} without X-Error-Code`);
  const operation = operationAt(method, path);
  if (!operation || ANYWHERE.has(code)) return;
  const declared = operation.described.responses[status]?.headers?.['X-Error-Code']?.schema.enum ?? [];
  if (declared.includes(code)) return;
  throw new Error(
    `${method} ${path} returned ${status} ${code}, which its description does not name: ` +
      `add '${code}' to @Refuses(…) of the handler of ${method} ${operation.template}, and run npm run openapi:write`,
  );
}

/** What browsers get instead of JSON from routes that redirect. */
const isPage = ({ headers }: ResponseHead) => headers.get('content-type')?.startsWith('text/html') === true;

const operationAt = (method: string, path: string): Operation | undefined => {
  const [pathname = ''] = path.split('?', 1);
  return operations.find((one) => one.method === method && one.path.test(pathname));
};

function validatorFor(
  { method, template, described }: Operation,
  { status, headers }: Reply,
): Validator | null {
  const [type = ''] = headers.get('content-type')?.split(';') ?? [];
  const key = `${method} ${template} ${status} ${type}`;
  const known = validators.get(key);
  if (known !== undefined) return known;
  const content = described.responses[status]?.content;
  if (content && status >= 400 && !content[type])
    throw new Error(`${method} ${template} ${status} is described with ${Object.keys(content)}, not ${type}`);
  const schema = content?.[type]?.schema;
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
