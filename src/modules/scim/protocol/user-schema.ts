import { attribute, type Attribute, type Schema, type Shape } from './attribute.js';

const primary = attribute('primary', 'Whether this is the preferred one; at most one is.', {
  type: 'boolean',
});
const display = attribute('display', 'A name to show.');

/** A list of values with a type, as most of a user's lists are (RFC 7643, section 2.4). */
const list = (
  name: string,
  description: string,
  options: { types?: string[]; value?: Partial<Attribute> } = {},
) =>
  attribute(name, description, {
    multiValued: true,
    subAttributes: [
      attribute('value', 'The value itself.', options.value ?? {}),
      display,
      attribute('type', 'What it is for.', options.types ? { canonicalValues: options.types } : {}),
      primary,
    ],
  });

const NAME = attribute('name', 'The parts of the name.', {
  subAttributes: [
    attribute('formatted', 'The whole name, ready to show.'),
    attribute('familyName', 'The family name.'),
    attribute('givenName', 'The given name.'),
    attribute('middleName', 'Middle names.'),
    attribute('honorificPrefix', 'Titles before the name.'),
    attribute('honorificSuffix', 'What follows the name.'),
  ],
});

const ADDRESSES = attribute('addresses', 'Postal addresses.', {
  multiValued: true,
  subAttributes: [
    attribute('formatted', 'The whole address, ready to show.'),
    attribute('streetAddress', 'Street and number.'),
    attribute('locality', 'The city.'),
    attribute('region', 'The state or region.'),
    attribute('postalCode', 'The postal code.'),
    attribute('country', 'The country.'),
    attribute('type', 'What it is for.', { canonicalValues: ['work', 'home', 'other'] }),
    primary,
  ],
});

const GROUPS = attribute('groups', 'The groups this user is in; changed through the groups.', {
  multiValued: true,
  mutability: 'readOnly',
  subAttributes: [
    attribute('value', 'The id of the group.', { caseExact: true, mutability: 'readOnly' }),
    attribute('$ref', 'Where the group is.', {
      type: 'reference',
      caseExact: true,
      mutability: 'readOnly',
      referenceTypes: ['Group'],
    }),
    attribute('display', 'The name of the group.', { mutability: 'readOnly' }),
    attribute('type', 'The kind of membership in the group.', {
      mutability: 'readOnly',
      canonicalValues: ['direct'],
    }),
  ],
});

const USER: Schema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:User',
  name: 'User',
  description: 'A person as the identity provider knows them.',
  attributes: [
    attribute('userName', 'What the provider calls the person; the e-mail address unless it is given.', {
      uniqueness: 'server',
    }),
    NAME,
    attribute('displayName', 'The name to show.'),
    attribute('nickName', 'The name the person goes by.'),
    attribute('profileUrl', 'A page about the person.', { type: 'reference', referenceTypes: ['external'] }),
    attribute('title', 'The title of the person.'),
    attribute('userType', 'How the person is related to the organization.'),
    attribute('preferredLanguage', 'The language the person prefers.'),
    attribute('locale', 'How dates and numbers are written for the person.'),
    attribute('timezone', 'The time zone of the person.'),
    attribute('active', 'Whether the person may use the organization.', { type: 'boolean' }),
    attribute('password', 'Taken and forgotten: this service never lets SCIM set one.', {
      mutability: 'writeOnly',
      returned: 'never',
      caseExact: true,
    }),
    {
      ...list('emails', 'E-mail addresses; one is needed.', { types: ['work', 'home', 'other'] }),
      required: true,
    },
    list('phoneNumbers', 'Telephone numbers.', {
      types: ['work', 'home', 'mobile', 'fax', 'pager', 'other'],
    }),
    list('ims', 'Addresses for instant messages.'),
    list('photos', 'Pictures.', {
      types: ['photo', 'thumbnail'],
      value: { type: 'reference', caseExact: true, referenceTypes: ['external'] },
    }),
    ADDRESSES,
    GROUPS,
    list('entitlements', 'What the provider entitles the person to; kept, not acted upon.'),
    list('roles', 'The roles the person has at the provider; kept, not acted upon: groups give roles here.'),
    list('x509Certificates', 'Certificates.', { value: { type: 'binary', caseExact: true } }),
  ],
};

export const ENTERPRISE_URN = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const ENTERPRISE_USER: Schema = {
  id: ENTERPRISE_URN,
  name: 'EnterpriseUser',
  description: 'What an enterprise knows of its people (RFC 7643, section 4.3).',
  attributes: [
    attribute('employeeNumber', 'The number of the employee.'),
    attribute('costCenter', 'The cost center.'),
    attribute('organization', 'The organization.'),
    attribute('division', 'The division.'),
    attribute('department', 'The department.'),
    attribute('manager', 'Whom the person reports to.', {
      subAttributes: [
        attribute('value', 'The id of the manager.', { caseExact: true }),
        attribute('$ref', 'Where the manager is.', {
          type: 'reference',
          caseExact: true,
          referenceTypes: ['User'],
        }),
        attribute('displayName', 'The name of the manager.', { mutability: 'readOnly' }),
      ],
    }),
  ],
};

export const USER_SHAPE: Shape = { core: USER, extensions: [ENTERPRISE_USER] };
