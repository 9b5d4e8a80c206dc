import { Injectable } from '@nestjs/common';
import { type ListRequest, readAttributeNames } from '../protocol/list.js';
import { includes } from '../protocol/projection.js';
import type { Resource } from '../protocol/resource.js';
import { USER_SHAPE } from '../protocol/schemas.js';
import { ResourceRepresentations } from '../resources/resource-representations.js';
import type { ScimRequest } from '../http/scim-request.decorator.js';
import type { ResourceRepresentation } from '../resources/resource-representation.js';
import { toUserResource } from './scim-user.mapper.js';
import type { ShownUser } from './scim-users.repository.js';
import { ScimUsersService } from './scim-users.service.js';

const REPRESENTATIONS = new ResourceRepresentations<ShownUser>(USER_SHAPE, toUserResource);

/** Representations of users. */
@Injectable()
export class UserRepresentations {
  constructor(private readonly users: ScimUsersService) {}

  /** Called before anything is changed, so that an invalid attribute selection has no effect. */
  representerFor({ base, query }: ScimRequest): (row: ShownUser) => ResourceRepresentation {
    const projection = REPRESENTATIONS.projectionOf(readAttributeNames(query));
    return (row) => REPRESENTATIONS.one(row, base, projection);
  }

  async page({ principal, base }: ScimRequest, request: ListRequest): Promise<Resource> {
    const projection = REPRESENTATIONS.projectionOf(request);
    const withGroups = includes(projection, 'groups');
    const page = await this.users.list(principal, request, { base, withGroups });
    return REPRESENTATIONS.list(page, base, projection, request.startIndex);
  }
}
