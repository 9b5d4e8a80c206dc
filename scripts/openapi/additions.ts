import { isObject, type Json, list, object, resolved } from './json.ts';

/**
 * One operation that newer versions of the published API have added or changed, as far as clients depend on it:
 * members of the query, of the body and of the response (`items.id` is a member of each item), and statuses of errors.
 */
export type Addition = {
  operation: string;
  status: number;
  query?: string[];
  body?: string[];
  response?: string[];
  errors?: number[];
};

/** What the served description lacks, one line each. */
export const missingAdditions = (additions: readonly Addition[], served: Json): string[] =>
  additions.flatMap((addition) =>
    missingOf(addition, served).map((what) => `${addition.operation}: ${what}`),
  );

function missingOf({ operation, status, ...members }: Addition, served: Json): string[] {
  const [method = '', path = ''] = operation.split(' ');
  const described = object(object(object(served.paths)[path])[method.toLowerCase()]);
  if (Object.keys(described).length === 0) return ['missing'];
  const responses = object(described.responses);
  const response = resolved(served, responses[status]);
  const parameters = list(described.parameters).map((one) => resolved(served, one));
  const inQuery = new Set(parameters.filter((one) => one.in === 'query').map(({ name }) => name));
  return [
    ...(responses[status] === undefined ? [`response ${status}: missing`] : []),
    ...(members.errors ?? []).filter((code) => !responses[code]).map((code) => `response ${code}: missing`),
    ...(members.query ?? [])
      .filter((name) => !inQuery.has(name))
      .map((name) => `query parameter ${name}: missing`),
    ...absent(served, schemaOf(resolved(served, described.requestBody)), members.body).map(
      inPart('request body'),
    ),
    ...absent(served, schemaOf(response), members.response).map(inPart(`response ${status}`)),
  ];
}

const inPart = (part: string) => (name: string) => `${part}: ${name}: missing`;
const schemaOf = ({ content }: Json) => object(object(object(content)['application/json']).schema);

const absent = (document: Json, schema: Json, members: readonly string[] = []) =>
  members.filter((member) => !has(document, schema, member.split('.')));

function has(document: Json, schema: Json, [name, ...innerNames]: readonly string[]): boolean {
  if (name === undefined) return true;
  const { properties, items, anyOf, allOf } = resolved(document, schema);
  if (isObject(items)) return has(document, items, [name, ...innerNames]);
  const property = object(properties)[name];
  if (isObject(property)) return has(document, property, innerNames);
  return [...list(anyOf), ...list(allOf)].some((part) => has(document, object(part), [name, ...innerNames]));
}
