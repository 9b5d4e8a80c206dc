import { Representer } from '../http/scim-json.interceptor.js';
import type { ScimRequest } from '../http/scim-request.decorator.js';
import { readAttributeNames } from '../protocol/list.js';
import { etagOf, type Resource, schemasOf } from '../protocol/resource.js';
import { USER_SHAPE } from '../protocol/schemas.js';
import { toEditableResource } from './user-profile.js';
import type { ShownUser } from './scim-users.repository.js';

/** Represents users with the attributes that the request selects. @throws ScimError if the selection is invalid */
export const userRepresenterFor = ({ base, query }: ScimRequest, selection = readAttributeNames(query)) =>
  new Representer<ShownUser>(USER_SHAPE, (row) => toUserResource(row, base), selection);

/** All attributes. */
function toUserResource(row: ShownUser, base: string): Resource {
  return {
    schemas: schemasOf(USER_SHAPE, row.attributes),
    id: row.id,
    ...(row.externalId === null ? {} : { externalId: row.externalId }),
    ...toEditableResource(row),
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
