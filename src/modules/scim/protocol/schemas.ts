import { attribute, type Attribute, readOnly, reference, type Schema, type Shape } from './attribute.js';

const primary = attribute('primary', 'Whether this is the preferred one; at most one is.', {
  type: 'boolean',
});

/** A multi-valued attribute whose values have a type (RFC 7643, section 2.4). */
const list = (
  name: string,
  description: string,
  {
    required = false,
    types,
    value,
  }: { required?: boolean; types?: string[]; value?: Partial<Attribute> } = {},
) =>
  attribute(name, description, {
    required,
    multiValued: true,
    subAttributes: [
      attribute('value', 'The value itself.', value),
      attribute('display', 'A name to show.'),
      attribute('type', 'The label of the value.', types && { canonicalValues: types }),
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

const GROUPS = readOnly('groups', 'The groups of the user; changed at the groups.', {
  multiValued: true,
  subAttributes: [
    readOnly('value', 'The id of the group.', { caseExact: true }),
    reference('$ref', 'The URI of the group.', ['Group'], 'readOnly'),
    readOnly('display', 'The name of the group.'),
    readOnly('type', 'The kind of membership in the group.', { canonicalValues: ['direct'] }),
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
        reference('$ref', 'The URI of the manager.', ['User']),
        readOnly('displayName', 'The name of the manager.'),
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
        reference('$ref', 'The URI of the user.', ['User'], 'immutable'),
        readOnly('display', 'The name of the user.'),
        attribute('type', 'The type of member.', { mutability: 'immutable', canonicalValues: ['User'] }),
      ],
    }),
  ],
};

export const TENANTRY_GROUP_URN = 'urn:ietf:params:scim:schemas:extension:tenantry:2.0:Group';

const fact = (name: string, description: string) => readOnly(name, description, { caseExact: true });

const TENANTRY_GROUP: Schema = {
  id: TENANTRY_GROUP_URN,
  name: 'TenantryGroup',
  description: 'What a group grants here, or why it grants nothing.',
  attributes: [
    readOnly('grants', 'Whether the members get a role, also by a user group that follows this one.', {
      type: 'boolean',
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

/** As identity providers look it up in `/ResourceTypes`; RFC 7643 defines no roles. */
const ROLE: Schema = {
  id: 'urn:okta:scim:schemas:core:1.0:Role',
  name: 'Role',
  description:
    'A role of the organization, or of one of its workspaces, that the attribute roles of users gives.',
  attributes: [
    readOnly(
      'displayName',
      'The name of the role, in a workspace after the name of the workspace and a slash.',
      { required: true, caseExact: true },
    ),
  ],
};

export const ROLE_SHAPE: Shape = { core: ROLE, extensions: [] };
