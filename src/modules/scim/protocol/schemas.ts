import { attribute, type Attribute, type Schema, type Shape } from './attribute.js';

const primary = attribute('primary', 'Whether this is the preferred one; at most one is.', {
  type: 'boolean',
});
const display = attribute('display', 'A name to show.');

/** A multi-valued attribute whose values have a type (RFC 7643, section 2.4). */
const list = (
  name: string,
  description: string,
  options: { required?: boolean; types?: string[]; value?: Partial<Attribute> } = {},
) =>
  attribute(name, description, {
    required: options.required ?? false,
    multiValued: true,
    subAttributes: [
      attribute('value', 'The value itself.', options.value ?? {}),
      display,
      attribute('type', 'The label of the value.', options.types ? { canonicalValues: options.types } : {}),
      primary,
    ],
  });

const NAME = attribute('name', 'The parts of the name.', {
  subAttributes: [
    attribute('formatted', 'The full name for display.'),
    attribute('familyName', 'The family name.'),
    attribute('givenName', 'The given name.'),
    attribute('middleName', 'Middle names.'),
    attribute('honorificPrefix', 'Titles before the name.'),
    attribute('honorificSuffix', 'Suffixes after the name.'),
  ],
});

const ADDRESSES = attribute('addresses', 'Postal addresses.', {
  multiValued: true,
  subAttributes: [
    attribute('formatted', 'The full address for display.'),
    attribute('streetAddress', 'Street and number.'),
    attribute('locality', 'The city.'),
    attribute('region', 'The state or region.'),
    attribute('postalCode', 'The postal code.'),
    attribute('country', 'The country.'),
    attribute('type', 'The label of the value.', { canonicalValues: ['work', 'home', 'other'] }),
    primary,
  ],
});

const GROUPS = attribute('groups', 'The groups of the user; changed at the groups.', {
  multiValued: true,
  mutability: 'readOnly',
  subAttributes: [
    attribute('value', 'The id of the group.', { caseExact: true, mutability: 'readOnly' }),
    attribute('$ref', 'The URI of the group.', {
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
  description: 'A user as the identity provider describes them.',
  attributes: [
    attribute(
      'userName',
      'The name of the user at the provider; also the e-mail address if emails is absent.',
      { required: true, uniqueness: 'server' },
    ),
    NAME,
    attribute('displayName', 'The name to show.'),
    attribute('nickName', 'The casual name of the user.'),
    attribute('profileUrl', 'A page about the user.', { type: 'reference', referenceTypes: ['external'] }),
    attribute('title', 'The title of the user.'),
    attribute('userType', 'The relationship of the user to the organization.'),
    attribute('preferredLanguage', 'The preferred language of the user.'),
    attribute('locale', 'The locale for formatting dates and numbers.'),
    attribute('timezone', 'The time zone of the user.'),
    attribute('active', 'Whether the user may use the organization.', { type: 'boolean' }),
    attribute('password', 'Accepted and discarded: SCIM cannot set a password.', {
      mutability: 'writeOnly',
      returned: 'never',
      caseExact: true,
    }),
    list('emails', 'E-mail addresses; may nevertheless be absent if userName is one.', {
      required: true,
      types: ['work', 'home', 'other'],
      value: { required: true },
    }),
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
    list('entitlements', 'Entitlements at the provider; stored, without effect.'),
    list('roles', 'Roles at the provider; stored, without effect: roles are granted by groups.'),
    list('x509Certificates', 'Certificates.', { value: { type: 'binary', caseExact: true } }),
  ],
};

export const ENTERPRISE_URN = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const ENTERPRISE_USER: Schema = {
  id: ENTERPRISE_URN,
  name: 'EnterpriseUser',
  description: 'Enterprise user attributes (RFC 7643, section 4.3).',
  attributes: [
    attribute('employeeNumber', 'The number of the employee.'),
    attribute('costCenter', 'The cost center.'),
    attribute('organization', 'The organization.'),
    attribute('division', 'The division.'),
    attribute('department', 'The department.'),
    attribute('manager', 'The manager of the user.', {
      subAttributes: [
        attribute('value', 'The id of the manager.', { caseExact: true }),
        attribute('$ref', 'The URI of the manager.', {
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

const GIVING_ROLES =
  'The roles that this attribute gives, at most one in the organization and in each workspace.';

/** The same with another description of `roles`. */
export const USER_SHAPE_WITH_ROLES: Shape = {
  ...USER_SHAPE,
  core: {
    ...USER,
    attributes: USER.attributes.map((one) =>
      one.name === 'roles' ? { ...one, description: GIVING_ROLES } : one,
    ),
  },
};

const GROUP: Schema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  name: 'Group',
  description: 'Users who get the roles that the group name grants.',
  attributes: [
    attribute(
      'displayName',
      'The name, unique without regard to case; it determines the roles of the members.',
      { required: true, uniqueness: 'server' },
    ),
    attribute('members', 'The users in the group; groups of groups are not supported.', {
      multiValued: true,
      subAttributes: [
        attribute('value', 'The id of the user.', { caseExact: true, mutability: 'immutable' }),
        attribute('$ref', 'The URI of the user.', {
          type: 'reference',
          caseExact: true,
          mutability: 'immutable',
          referenceTypes: ['User'],
        }),
        attribute('display', 'The name of the user.', { mutability: 'readOnly' }),
        attribute('type', 'The type of member.', { mutability: 'immutable', canonicalValues: ['User'] }),
      ],
    }),
  ],
};

export const TENANTRY_GROUP_URN = 'urn:ietf:params:scim:schemas:extension:tenantry:2.0:Group';

const fact = (name: string, description: string) =>
  attribute(name, description, { mutability: 'readOnly', caseExact: true });

const TENANTRY_GROUP: Schema = {
  id: TENANTRY_GROUP_URN,
  name: 'TenantryGroup',
  description: 'What a group grants here, or why it grants nothing.',
  attributes: [
    attribute('grants', 'Whether the members get a role, also by a user group that follows this one.', {
      type: 'boolean',
      mutability: 'readOnly',
    }),
    fact('organizationRole', 'The organization role that its members get.'),
    fact(
      'workspaceId',
      'The workspace of the granted role; renaming the workspace or the group does not change it.',
    ),
    fact('workspaceName', 'The current name of that workspace.'),
    fact('workspaceRole', 'The role of the members in that workspace.'),
    fact('reason', 'Why it grants nothing.'),
  ],
};

export const GROUP_SHAPE: Shape = { core: GROUP, extensions: [TENANTRY_GROUP] };
