import type { TestApp } from './test-app.js';

type Schema = {
  $ref?: string;
  type?: string;
  format?: string;
  anyOf?: Schema[];
  items?: Schema;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  minimum?: number;
  maximum?: number;
};
type Described = {
  parameters?: { name: string; in: string; schema: Schema }[];
  requestBody?: { content?: Record<string, { schema: Schema; example?: unknown }> };
};
type Description = {
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, Schema> };
};

/** A value that a field may not have; `value` undefined omits the field. */
export type BadField = {
  method: string;
  path: string;
  field: string;
  isList: boolean;
  what: string;
  value: unknown;
};
/** A field that may be null, by the names that lead to it (0 is the first element), and an example body. */
export type NullableField = { method: string; path: string; field: (string | number)[]; example: unknown };
export type BadQuery = { path: string; name: string; value: string };

const NUL = 'before\0after';

/** The nullable fields in the bodies of all operations, those of nested objects and lists among them. */
export async function nullableFieldsOf({ url }: TestApp): Promise<NullableField[]> {
  const description = (await (await fetch(`${url}/openapi.json`)).json()) as Description;
  return eachOperation(description).flatMap(({ method, path, described }) => {
    const content = described.requestBody?.content?.['application/json'];
    if (!content) return [];
    const fields = nullablePathsIn(description, content.schema);
    return fields.map((field) => ({ method, path, field, example: content.example }));
  });
}

function nullablePathsIn(description: Description, schema: Schema): (string | number)[][] {
  return alternatives(description, schema).flatMap(({ items, properties }) => {
    const parts: [string | number, Schema][] = items ? [[0, items]] : Object.entries(properties ?? {});
    return parts.flatMap(([name, of]) => {
      const isNullable = alternatives(description, of).some(({ type }) => type === 'null');
      const nested = nullablePathsIn(description, of).map((path) => [name, ...path]);
      return isNullable ? [[name], ...nested] : nested;
    });
  });
}

/** Values that the description forbids in the bodies of all operations: types, absence, null, formats, enums, NUL. */
export async function badFieldsOf({ url }: TestApp): Promise<BadField[]> {
  const description = (await (await fetch(`${url}/openapi.json`)).json()) as Description;
  return eachOperation(description).flatMap(({ method, path, described }) => {
    const schema = resolved(description, described.requestBody?.content?.['application/json']?.schema);
    const isList = schema?.type === 'array';
    const row = rowOf(description, schema);
    return Object.entries(row?.properties ?? {}).flatMap(([field, of]) =>
      badValues(description, of, row!.required?.includes(field) ?? false).map(([what, value]) => ({
        ...{ method, path, field, isList },
        ...{ what, value },
      })),
    );
  });
}

/** The same for the query parameters of all GET operations. */
export async function badQueriesOf({ url }: TestApp): Promise<BadQuery[]> {
  const description = (await (await fetch(`${url}/openapi.json`)).json()) as Description;
  return eachOperation(description).flatMap(({ method, path, described }) =>
    (method === 'GET' ? (described.parameters ?? []) : [])
      .filter((parameter) => parameter.in === 'query')
      .flatMap(({ name, schema }) => badTexts(description, schema).map((value) => ({ path, name, value }))),
  );
}

function eachOperation({ paths }: Description) {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({ method: method.toUpperCase(), path, described })),
  );
}

function badValues(
  description: Description,
  of: Schema,
  isRequired: boolean,
): [what: string, value: unknown][] {
  const choices = alternatives(description, of);
  const takes = (type: string) =>
    choices.some((choice) => choice.type === type || (choice.enum && type === 'string'));
  if (!choices.some(({ type, enum: values }) => type !== undefined || values)) return [];
  const bad: [string, unknown][] = [
    ...(isRequired ? [['absent', undefined] as [string, unknown]] : []),
    ...(takes('null') ? [] : [['null', null] as [string, unknown]]),
    ['a number', takes('number') || takes('integer') ? undefined : 42],
    ['a text', takes('string') ? undefined : 'text'],
    ['a flag', takes('boolean') ? undefined : true],
    ['a list of lists', [[]]],
    [
      'an object in a list',
      takes('array') && choices.some(({ items }) => isObject(description, items)) ? undefined : [{}],
    ],
    [
      'an object',
      takes('object') || choices.some((choice) => isObject(description, choice)) ? undefined : {},
    ],
    ['a fraction', takes('integer') && !takes('number') ? 1.5 : undefined],
    ['more than 32 bits', takes('integer') ? 2 ** 40 : undefined],
    ['NUL', takes('string') ? NUL : undefined],
    ['no id', choices.some(({ format }) => format === 'uuid') ? 'nonsense' : undefined],
    ['no instant', choices.some(({ format }) => format === 'date-time') ? '2030-13-01T00:00:00Z' : undefined],
    ['NUL in a list', acceptsText(description, choices) ? [NUL] : undefined],
    ['none of the values', choices.some(({ enum: values }) => values) ? 'nonsense' : undefined],
  ];
  return bad.filter(([what, value]) => what === 'absent' || value !== undefined);
}

function badTexts(description: Description, of: Schema): string[] {
  const choices = alternatives(description, of);
  const items = choices.flatMap((choice) =>
    choice.items ? alternatives(description, choice.items) : [choice],
  );
  return items.flatMap((choice) => {
    if (choice.enum || choice.format === 'uuid') return ['nonsense', '%00'];
    if (choice.type === 'string') return choice.format === 'date-time' ? ['nonsense', '%00'] : ['%00'];
    if (choice.type === 'boolean') return ['maybe', '%00', '2'];
    if (choice.type !== 'integer') return [];
    const { minimum, maximum } = choice;
    const beyond = [
      minimum === undefined ? [] : [minimum - 1],
      maximum === undefined ? [] : [maximum + 1],
    ].flat();
    return [...beyond.map(String), 'many', '1.5', '%00', '1e3', '99999999999'];
  });
}

/** The schema of a body, or of each row of a body that is a list. */
function rowOf(description: Description, schema: Schema | undefined): Schema | undefined {
  const body = resolved(description, schema);
  return body?.type === 'array' ? resolved(description, body.items) : body;
}

const acceptsText = (description: Description, choices: Schema[]) =>
  choices.some(
    ({ items }) => items && alternatives(description, items).some(({ type }) => type === 'string'),
  );

const isObject = (description: Description, schema: Schema | undefined) =>
  schema !== undefined &&
  alternatives(description, schema).some(({ type, properties }) => type === 'object' || properties);

function alternatives(description: Description, schema: Schema): Schema[] {
  const { anyOf, ...rest } = resolved(description, schema)!;
  return anyOf ? anyOf.flatMap((choice) => alternatives(description, choice)) : [rest];
}

function resolved({ components }: Description, schema: Schema | undefined): Schema | undefined {
  return schema?.$ref ? components.schemas[schema.$ref.split('/').at(-1)!] : schema;
}
