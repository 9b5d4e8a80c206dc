import { etagOf, type Resource, schemasOf } from '../protocol/resource.js';
import { USER_SHAPE } from '../protocol/schemas.js';
import type { ShownUser } from './scim-users.repository.js';

/** The full representation of a user, from which the requested attributes are selected. */
export function toUserResource(row: ShownUser, base: string): Resource {
  return {
    schemas: schemasOf(USER_SHAPE, row.attributes),
    id: row.id,
    ...(row.externalId === null ? {} : { externalId: row.externalId }),
    ...writtenBy(row),
    groups: row.groups.map(({ id, name }) => ({
      value: id,
      $ref: `${base}/Groups/${id}`,
      display: name,
      type: 'direct',
    })),
    meta: {
      resourceType: 'User',
      created: row.createdAt.toISOString(),
      lastModified: row.updatedAt.toISOString(),
      location: `${base}/Users/${row.id}`,
      version: etagOf(row.version),
    },
  };
}

/** The resource as a PATCH edits it. */
export const writtenBy = ({ userName, externalId, isActive, attributes }: ShownUser): Resource => ({
  userName,
  ...(externalId === null ? {} : { externalId }),
  active: isActive,
  ...attributes,
});
