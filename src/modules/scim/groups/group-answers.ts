import { Injectable } from '@nestjs/common';
import { GROUP_SHAPE } from '../protocol/group-schema.js';
import { type ListRequest, readAttributeNames } from '../protocol/list-request.js';
import { listResponse } from '../protocol/list-response.js';
import { includes, type Projection, readProjection } from '../protocol/projection.js';
import type { Resource } from '../protocol/resource.js';
import type { ScimCall } from '../scim-call.js';
import { ShownResource } from '../shown-resource.js';
import { ReadGroups } from './read-groups.js';
import { toGroupResource } from './scim-group.mapper.js';

type Show = (id: string) => Promise<ShownResource>;

/** Groups as the client wants to see them; members are read only where they are shown. */
@Injectable()
export class GroupAnswers {
  constructor(private readonly groups: ReadGroups) {}

  /** What answers a group by its id; made first, so that a wish that cannot be met changes nothing. */
  shownFor({ principal, base, query }: ScimCall): Show {
    const projection = projectionOf(readAttributeNames(query));
    return async (id) => shown(base, projection)(await this.groups.get(principal, id, wishOf(projection)));
  }

  /** A PATCH answers nothing unless attributes are asked for: a large group is not sent back (contract decision 35). */
  shownAfterPatch(call: ScimCall): Show | null {
    const { attributes, excludedAttributes } = readAttributeNames(call.query);
    return attributes || excludedAttributes ? this.shownFor(call) : null;
  }

  async page({ principal, base }: ScimCall, request: ListRequest): Promise<Resource> {
    const projection = projectionOf(request);
    const { rows, total } = await this.groups.list(principal, request, wishOf(projection));
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
  readProjection(GROUP_SHAPE, attributes, excludedAttributes);

const wishOf = (projection: Projection) => ({ withMembers: includes(projection, 'members') });

const shown = (base: string, projection: Projection) => (row: Parameters<typeof toGroupResource>[0]) =>
  ShownResource.of(GROUP_SHAPE, toGroupResource(row, base), projection);
