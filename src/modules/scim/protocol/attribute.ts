/** One attribute of a schema (RFC 7643, section 7); `/Schemas` and all validation use the same definition. */
export type Attribute = {
  readonly name: string;
  readonly type: 'string' | 'boolean' | 'integer' | 'dateTime' | 'reference' | 'binary' | 'complex';
  readonly multiValued: boolean;
  readonly description: string;
  /** As published; the list `emails` may be absent anyway (docs/contract/scim.md#users). */
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

export const readOnly = (name: string, description: string, options: AttributeOptions = {}): Attribute =>
  attribute(name, description, { mutability: 'readOnly', ...options });

export const reference = (
  name: string,
  description: string,
  referenceTypes: readonly string[],
  mutability: Attribute['mutability'] = 'readWrite',
): Attribute =>
  attribute(name, description, { type: 'reference', caseExact: true, mutability, referenceTypes });

export const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Attribute names are case-insensitive (RFC 7643, section 2.1). */
export const findAttribute = (attributes: readonly Attribute[] | undefined, name: string): Attribute | null =>
  attributes?.find((one) => sameName(one.name, name)) ?? null;

/** Attributes of every resource (RFC 7643, section 3.1), which no schema lists. */
export const COMMON_ATTRIBUTES: readonly Attribute[] = [
  readOnly('schemas', 'The schemas of this resource.', {
    multiValued: true,
    type: 'reference',
    caseExact: true,
    returned: 'always',
  }),
  readOnly('id', 'The identifier that this service assigned.', { caseExact: true, returned: 'always' }),
  attribute('externalId', 'The identifier that the client assigned.', { caseExact: true }),
  readOnly('meta', 'Metadata of the resource.', {
    subAttributes: [
      readOnly('resourceType', 'The resource type.', { caseExact: true }),
      readOnly('created', 'When the resource was created.', { type: 'dateTime' }),
      readOnly('lastModified', 'When the resource was last changed.', { type: 'dateTime' }),
      reference('location', 'The URI of the resource.', [], 'readOnly'),
      readOnly('version', 'The version (ETag) of the resource.', { caseExact: true }),
    ],
  }),
];

/** The parts of a path such as `urn:…:User:name.familyName`, spelled as sent. */
export type AttributePath = {
  readonly urn: string | null;
  readonly name: string;
  readonly sub: string | null;
};

/** The attribute that a path resolves to; `extension` is null for the core schema and the common attributes. */
export type AttributeTarget = {
  readonly extension: string | null;
  readonly attribute: Attribute;
  readonly sub: Attribute | null;
};

const NAME = /^([A-Za-z$][\w$-]*)(?:\.([A-Za-z$][\w$-]*))?$/;

/** Null if the text is not a path. The URN contains dots (`2.0`), so only the part after its last colon is split. */
export function parseAttributePath(text: string): AttributePath | null {
  const colon = text.lastIndexOf(':');
  const [, name, sub] = NAME.exec(text.slice(colon + 1)) ?? [];
  if (name === undefined || colon === 0) return null;
  return { urn: colon === -1 ? null : text.slice(0, colon), name, sub: sub ?? null };
}

export function resolveAttributePath(
  { core, extensions }: Shape,
  { urn, name, sub }: AttributePath,
): AttributeTarget | null {
  const extension = urn === null ? null : extensions.find(({ id }) => sameName(id, urn));
  if (urn !== null && !extension && !sameName(core.id, urn)) return null;
  const attributes = extension ? extension.attributes : [...COMMON_ATTRIBUTES, ...core.attributes];
  const found = findAttribute(attributes, name);
  const subAttribute = sub === null ? null : findAttribute(found?.subAttributes, sub);
  if (!found || (sub !== null && !subAttribute)) return null;
  return { extension: extension?.id ?? null, attribute: found, sub: subAttribute };
}
