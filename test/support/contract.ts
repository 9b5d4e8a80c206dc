import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Reply } from './api.js';

type Validator = ((value: unknown) => boolean) & { errors?: unknown };
type Description = {
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, { schema: object }> }> }>
  >;
};

const DESCRIPTION = 'served';
const descriptions = new Map<string, Promise<{ description: Description; ajv: Ajv2020 }>>();
const validators = new Map<string, Validator | null>();

/**
 * Throws when an answer is not what the served description says of it, so that a wrong shape cannot pass a test. The
 * description itself is held against the published contract by `npm run openapi:compare`.
 */
export async function validateAnswer(
  server: string,
  method: string,
  path: string,
  reply: Reply,
): Promise<void> {
  if (reply.status >= 500)
    throw new Error(`${method} ${path} answered ${reply.status}: ${JSON.stringify(reply.body)}`);
  const validate = await validatorFor(server, method, path.split('?', 1)[0]!, reply.status);
  if (validate && !validate(reply.body)) {
    throw new Error(
      `${method} ${path} ${reply.status} is not as described: ${JSON.stringify(validate.errors)}`,
    );
  }
}

async function validatorFor(
  server: string,
  method: string,
  path: string,
  status: number,
): Promise<Validator | null> {
  const { description, ajv } = await descriptionOf(server);
  const template = templateOf(description, method, path);
  if (!template) return null;
  const key = `${method} ${template} ${status}`;
  const known = validators.get(key);
  if (known !== undefined) return known;
  const schema =
    description.paths[template]?.[method.toLowerCase()]?.responses[status]?.content?.['application/json']
      ?.schema;
  const validator = schema ? (ajv.compile(intoDescription(schema)) as Validator) : null;
  validators.set(key, validator);
  return validator;
}

/** The schema, whose references are those of the whole description. */
const intoDescription = (schema: object) =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/', `"${DESCRIPTION}#/`)) as object;

function descriptionOf(server: string) {
  const known = descriptions.get(server);
  if (known) return known;
  const loading = fetch(`${server}/openapi.json`).then(async (response) => {
    const description = (await response.json()) as Description;
    const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false });
    formats.default(ajv);
    ajv.addSchema({ ...description, $id: DESCRIPTION });
    return { description, ajv };
  });
  descriptions.set(server, loading);
  return loading;
}

/** Literal segments win over parameters: `/members/active` is not a member called `active`. */
function templateOf({ paths }: Description, method: string, path: string): string | null {
  const matching = Object.keys(paths).filter(
    (template) =>
      paths[template]?.[method.toLowerCase()] &&
      new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path),
  );
  return matching.sort((a, b) => a.split('{').length - b.split('{').length)[0] ?? null;
}
