/** RFC 7643, section 7: one attribute of a schema, as `/Schemas` describes it and as everything here obeys it. */
export type Attribute = {
  readonly name: string;
  readonly type: 'string' | 'boolean' | 'dateTime' | 'reference' | 'binary' | 'complex';
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly';
  readonly returned: 'always' | 'never' | 'default' | 'request';
  readonly uniqueness: 'none' | 'server';
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly Attribute[];
};

export type Schema = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
};

/** A kind of resource: its core schema, and what extends it. */
export type Shape = { readonly core: Schema; readonly extensions: readonly Schema[] };

type AttributeOptions = Partial<Omit<Attribute, 'name' | 'description'>>;

export const attribute = (name: string, description: string, options: AttributeOptions = {}): Attribute => ({
  name,
  type: options.subAttributes ? 'complex' : 'string',
  multiValued: false,
  description,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
  ...options,
});

export const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Attribute names know no case (RFC 7643, section 2.1). */
export const findAttribute = (attributes: readonly Attribute[] | undefined, name: string): Attribute | null =>
  attributes?.find((one) => sameName(one.name, name)) ?? null;

/** Every resource has them (RFC 7643, section 3.1); they stand in no schema. */
export const COMMON_ATTRIBUTES: readonly Attribute[] = [
  attribute('schemas', 'The schemas of this resource.', {
    multiValued: true,
    type: 'reference',
    caseExact: true,
    mutability: 'readOnly',
    returned: 'always',
  }),
  attribute('id', 'The identifier that this service gave.', {
    caseExact: true,
    mutability: 'readOnly',
    returned: 'always',
    uniqueness: 'server',
  }),
  attribute('externalId', 'The identifier that the client gave.', { caseExact: true, uniqueness: 'server' }),
  attribute('meta', 'What the service knows of the resource.', {
    mutability: 'readOnly',
    subAttributes: [
      attribute('resourceType', 'The kind of resource.', { caseExact: true, mutability: 'readOnly' }),
      attribute('created', 'When it was made.', { type: 'dateTime', mutability: 'readOnly' }),
      attribute('lastModified', 'When it was changed last.', { type: 'dateTime', mutability: 'readOnly' }),
      attribute('location', 'Where it is.', { type: 'reference', caseExact: true, mutability: 'readOnly' }),
      attribute('version', 'Its ETag.', { caseExact: true, mutability: 'readOnly' }),
    ],
  }),
];
