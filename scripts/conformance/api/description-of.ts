import type { Client } from '../client.ts';
import { get } from './requests.ts';

type Schema = {
  readonly $ref?: string;
  readonly type?: string;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly description?: string;
};

type Operation = {
  readonly parameters?: readonly { readonly name: string; readonly description?: string }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema; readonly example?: unknown }>>;
  };
  readonly responses: Readonly<Record<string, unknown>>;
};

export type Description = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};

export async function descriptionOf(client: Client): Promise<Description> {
  return (await client.send(get('/openapi.json'))).body as Description;
}

export const operationsOf = ({ paths }: Description) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );

export const bodyOf = ({ requestBody }: Operation) => requestBody?.content['application/json'];

/** The fields of a body, or of each row of a body that is a list. */
export function fieldsOf(
  description: Description,
  schema: Schema,
): { isList: boolean; fields: { name: string; isNullable: boolean }[] } {
  const body = resolved(description, schema);
  const row = body.items ? resolved(description, body.items) : body;
  const fields = Object.entries(row.properties ?? {}).map(([name, of]) => ({
    name,
    isNullable: alternatives(description, of).some(({ type }) => type === 'null'),
  }));
  return { isList: body.items !== undefined, fields };
}

function alternatives(description: Description, schema: Schema): Schema[] {
  const { anyOf, ...rest } = resolved(description, schema);
  return anyOf ? anyOf.flatMap((choice) => alternatives(description, choice)) : [rest];
}

export const resolved = ({ components }: Description, schema: Schema): Schema =>
  schema.$ref ? (components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}) : schema;
