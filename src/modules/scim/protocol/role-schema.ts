import { attribute, type Schema, type Shape } from './attribute.js';

/** As identity providers look it up in `/ResourceTypes`; RFC 7643 defines no roles. */
const ROLE: Schema = {
  id: 'urn:okta:scim:schemas:core:1.0:Role',
  name: 'Role',
  description:
    'A role of the organization, or of one of its workspaces, that the attribute roles of users gives.',
  attributes: [
    attribute(
      'displayName',
      'The name of the role, in a workspace after the name of the workspace and a slash.',
      {
        required: true,
        caseExact: true,
        mutability: 'readOnly',
      },
    ),
  ],
};

export const ROLE_SHAPE: Shape = { core: ROLE, extensions: [] };
