import { attribute, type Schema, type Shape } from './attribute.js';

const GROUP: Schema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  name: 'Group',
  description: 'People who get the roles that the name of the group says.',
  attributes: [
    attribute(
      'displayName',
      'The name, which no other group has in the very same spelling; it says which roles the members get.',
      {
        required: true,
      },
    ),
    attribute('members', 'The users in the group.', {
      multiValued: true,
      subAttributes: [
        attribute('value', 'The id of the user.', { caseExact: true, mutability: 'immutable' }),
        attribute('$ref', 'Where the user is.', {
          type: 'reference',
          caseExact: true,
          mutability: 'immutable',
          referenceTypes: ['User'],
        }),
        attribute('display', 'The name of the user.', { mutability: 'readOnly' }),
        attribute('type', 'The kind of member.', { mutability: 'immutable', canonicalValues: ['User'] }),
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
    attribute('grants', 'Whether its members get a role.', { type: 'boolean', mutability: 'readOnly' }),
    fact('organizationRole', 'The organization role that its members get.'),
    fact('workspaceId', 'The workspace it gives a role in; it stays the same when either is renamed.'),
    fact('workspaceName', 'The present name of that workspace.'),
    fact('workspaceRole', 'The role its members get there.'),
    fact('reason', 'Why it grants nothing.'),
  ],
};

export const GROUP_SHAPE: Shape = { core: GROUP, extensions: [TENANTRY_GROUP] };
