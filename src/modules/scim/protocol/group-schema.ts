import { attribute, type Schema, type Shape } from './attribute.js';

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
