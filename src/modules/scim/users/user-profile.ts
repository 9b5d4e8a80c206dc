import { unique } from '../../../common/collections.js';
import { canonicalEmail, InvalidEmail } from '../../../common/canonical-email.js';
import { withoutMisleading } from '../../../common/http/operations/value-checks.js';
import type { Resource } from '../protocol/resource.js';
import { ScimError } from '../protocol/scim.errors.js';
import { assertStorable, isObject, type JsonObject, sameJson, stringsIn } from '../protocol/value.js';

export type UserProfile = {
  readonly userName: string;
  readonly externalId: string | null;
  readonly active: boolean | null;
  /** The address of an account created for the user, in canonical form. */
  readonly email: string;
  readonly emails: readonly string[];
  /** As it may be shown; the attributes keep what was sent. */
  readonly fullName: string | null;
  /** All other attributes, including the e-mail addresses. */
  readonly attributes: JsonObject;
};

const MAX_TEXT_LENGTH = 500; // characters; indexed columns only: index entries are limited in size

/** @throws ScimError invalidValue without `userName` or a usable e-mail address (docs/contract/scim.md#users). */
export function profileOf(resource: Resource): UserProfile {
  assertStorable(resource);
  const { userName, externalId, active, ...attributes } = resource;
  if (typeof userName !== 'string')
    throw new ScimError('invalidValue', 'userName is required.', { attributes: ['userName'] });
  const email = mainAddress(resource, userName);
  assertIndexable(resource);
  return {
    userName,
    externalId: typeof externalId === 'string' ? externalId : null,
    active: typeof active === 'boolean' ? active : null,
    email,
    emails: unique([...addressesIn(resource), email]),
    fullName: withoutMisleading(fullNameOf(resource) ?? '') || null,
    attributes,
  };
}

type StoredProfile = Pick<UserProfile, 'userName' | 'externalId' | 'attributes'> & {
  readonly isActive: boolean;
};

export const toEditableResource = (user: StoredProfile): Resource => ({
  userName: user.userName,
  ...(user.externalId === null ? {} : { externalId: user.externalId }),
  active: user.isActive,
  ...user.attributes,
});

/** Names of attributes, never their values: the audit log holds no personal data. */
export function changedNames(before: UserProfile, after: UserProfile): string[] {
  const [one, other] = [attributesOf(before), attributesOf(after)];
  return unique([...Object.keys(one), ...Object.keys(other)])
    .filter((name) => !sameJson(one[name], other[name]))
    .sort();
}

const attributesOf = ({ userName, externalId, active, attributes }: UserProfile): JsonObject => ({
  userName,
  externalId,
  active,
  ...attributes,
});

const emailsIn = (resource: Resource): JsonObject[] =>
  Array.isArray(resource.emails) ? resource.emails.filter(isObject) : [];

const addressesIn = (resource: Resource): string[] =>
  emailsIn(resource).flatMap(({ value }) => (typeof value === 'string' ? [value] : []));

/** The work address, else the primary one, else the first, else `userName`. @throws ScimError invalidValue if it is no address */
export function mainAddress(resource: Resource, userName: string): string {
  const emails = emailsIn(resource).filter(({ value }) => typeof value === 'string');
  const main =
    emails.find(({ type }) => typeof type === 'string' && type.toLowerCase() === 'work') ??
    emails.find(({ primary }) => primary === true) ??
    emails[0];
  try {
    return canonicalEmail(main ? (main.value as string) : userName);
  } catch (error) {
    if (error instanceof InvalidEmail)
      throw new ScimError('invalidValue', main ? error.message : NO_ADDRESS, OF_ADDRESS);
    throw error;
  }
}

/** What the address of an account comes from. */
export const OF_ADDRESS = { attributes: ['emails', 'userName'] };

const NO_ADDRESS =
  'userName is not an e-mail address, so emails has to contain one: emails[type eq "work"].value.';

function fullNameOf({ displayName, name }: Resource): string | null {
  if (typeof displayName === 'string') return displayName;
  if (!isObject(name)) return null;
  if (typeof name.formatted === 'string') return name.formatted;
  const parts = [name.givenName, name.familyName].filter((part) => typeof part === 'string');
  return parts.length > 0 ? parts.join(' ') : null;
}

function assertIndexable(resource: Resource): void {
  const { userName, externalId, displayName, name } = resource;
  const indexed = { userName, externalId, displayName, name, emails: addressesIn(resource) };
  for (const [attribute, value] of Object.entries(indexed))
    if (stringsIn(value).some((text) => text.length > MAX_TEXT_LENGTH))
      throw new ScimError('invalidValue', `Names and addresses have at most ${MAX_TEXT_LENGTH} characters.`, {
        attributes: [attribute],
      });
}
