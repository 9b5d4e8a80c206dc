import { Injectable } from '@nestjs/common';
import { GROUP_SHAPE } from '../protocol/schemas.js';
import { type ListRequest, readAttributeNames } from '../protocol/list.js';
import { includes, type Projection } from '../protocol/projection.js';
import type { Resource } from '../protocol/resource.js';
import { ResourceRepresentations } from '../resources/resource-representations.js';
import type { ScimRequest } from '../http/scim-request.decorator.js';
import type { ResourceRepresentation } from '../resources/resource-representation.js';
import { toGroupResource } from './scim-group.mapper.js';
import type { ScimGroupRow } from './scim-groups.repository.js';
import { ScimGroupsService } from './scim-groups.service.js';

const REPRESENTATIONS = new ResourceRepresentations<ScimGroupRow>(GROUP_SHAPE, toGroupResource);

type RepresentById = (id: string) => Promise<ResourceRepresentation>;

/** Representations of groups; members are loaded only if they are returned. */
@Injectable()
export class GroupRepresentations {
  constructor(private readonly groups: ScimGroupsService) {}

  /** Called before anything is changed, so that an invalid attribute selection has no effect. */
  representerFor({ principal, base, query }: ScimRequest): RepresentById {
    const projection = REPRESENTATIONS.projectionOf(readAttributeNames(query));
    const options = readOptionsOf(projection);
    return async (id) => REPRESENTATIONS.one(await this.groups.get(principal, id, options), base, projection);
  }

  /**
   * Null (204) unless the request selects attributes: a large group is not sent back
   * (docs/contract/scim.md#patch-answers).
   */
  representerAfterPatch(request: ScimRequest): RepresentById | null {
    const { attributes, excludedAttributes } = readAttributeNames(request.query);
    return attributes || excludedAttributes ? this.representerFor(request) : null;
  }

  async page({ principal, base }: ScimRequest, request: ListRequest): Promise<Resource> {
    const projection = REPRESENTATIONS.projectionOf(request);
    const page = await this.groups.list(principal, request, { base, ...readOptionsOf(projection) });
    return REPRESENTATIONS.list(page, base, projection, request.startIndex);
  }
}

const readOptionsOf = (projection: Projection) => ({ withMembers: includes(projection, 'members') });
