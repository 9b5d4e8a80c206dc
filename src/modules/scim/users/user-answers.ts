import { Injectable } from '@nestjs/common';
import { type ListRequest, readAttributeNames } from '../protocol/list-request.js';
import { listResponse } from '../protocol/list-response.js';
import { includes, type Projection, readProjection } from '../protocol/projection.js';
import type { Resource } from '../protocol/resource.js';
import { USER_SHAPE } from '../protocol/user-schema.js';
import type { ScimCall } from '../scim-call.js';
import { ShownResource } from '../shown-resource.js';
import { ReadUsers } from './read-users.js';
import { toUserResource } from './scim-user.mapper.js';
import type { ScimUserRow } from './scim-users.repository.js';

/** Users as the client wants to see them. */
@Injectable()
export class UserAnswers {
  constructor(private readonly users: ReadUsers) {}

  /** What turns a row into the answer; made first, so that a wish that cannot be met changes nothing. */
  shownFor({ base, query }: ScimCall): (row: ScimUserRow) => ShownResource {
    return shown(base, projectionOf(readAttributeNames(query)));
  }

  async page({ principal, base }: ScimCall, request: ListRequest): Promise<Resource> {
    const projection = projectionOf(request);
    const { rows, total } = await this.users.list(principal, request, {
      withGroups: includes(projection, 'groups'),
    });
    const bodies = rows.map(shown(base, projection)).map(({ body }) => body);
    return listResponse(bodies, {
      totalResults: total,
      startIndex: request.startIndex,
    });
  }
}

const projectionOf = ({
  attributes,
  excludedAttributes,
}: Pick<ListRequest, 'attributes' | 'excludedAttributes'>): Projection =>
  readProjection(USER_SHAPE, attributes, excludedAttributes);

const shown = (base: string, projection: Projection) => (row: ScimUserRow) =>
  ShownResource.of(USER_SHAPE, toUserResource(row, base), projection);
