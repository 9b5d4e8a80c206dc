import { COMMON_ATTRIBUTES, type Attribute, findAttribute, sameName, type Shape } from './attribute.js';

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

/** Null if the resource has no such attribute. */
export function resolveAttributePath(
  { core, extensions }: Shape,
  { urn, name, sub }: AttributePath,
): AttributeTarget | null {
  const extension = urn === null ? null : extensions.find(({ id }) => sameName(id, urn));
  if (urn !== null && !extension && !sameName(core.id, urn)) return null;
  const attributes = extension ? extension.attributes : [...COMMON_ATTRIBUTES, ...core.attributes];
  const attribute = findAttribute(attributes, name);
  const subAttribute = sub === null ? null : findAttribute(attribute?.subAttributes, sub);
  if (!attribute || (sub !== null && !subAttribute)) return null;
  return { extension: extension?.id ?? null, attribute, sub: subAttribute };
}
