import { Injectable } from '@nestjs/common';
import { GROUP_SHAPE } from '../protocol/group-schema.js';
import { type ListRequest, readAttributeNames } from '../protocol/list-request.js';
import { includes, type Projection } from '../protocol/projection.js';
import type { Resource } from '../protocol/resource.js';
import { ResourceAnswers } from '../resource-answers.js';
import type { ScimCall } from '../scim-call.js';
import type { ShownResource } from '../shown-resource.js';
import { ReadGroups } from './read-groups.js';
import { toGroupResource } from './scim-group.mapper.js';
import type { ScimGroupRow } from './scim-groups.repository.js';

const ANSWERS = new ResourceAnswers<ScimGroupRow>(GROUP_SHAPE, toGroupResource);

type Show = (id: string) => Promise<ShownResource>;

/** Groups as the client wants to see them; members are read only where they are shown. */
@Injectable()
export class GroupAnswers {
  constructor(private readonly groups: ReadGroups) {}

  /** What answers a group by its id; made first, so that a wish that cannot be met changes nothing. */
  shownFor({ principal, base, query }: ScimCall): Show {
    const projection = ANSWERS.projectionOf(readAttributeNames(query));
    const wish = wishOf(projection);
    return async (id) => ANSWERS.one(await this.groups.get(principal, id, wish), base, projection);
  }

  /** A PATCH answers nothing unless attributes are asked for: a large group is not sent back (contract decision 35). */
  shownAfterPatch(call: ScimCall): Show | null {
    const { attributes, excludedAttributes } = readAttributeNames(call.query);
    return attributes || excludedAttributes ? this.shownFor(call) : null;
  }

  async page({ principal, base }: ScimCall, request: ListRequest): Promise<Resource> {
    const projection = ANSWERS.projectionOf(request);
    const page = await this.groups.list(principal, request, wishOf(projection));
    return ANSWERS.list(page, base, projection, request.startIndex);
  }
}

const wishOf = (projection: Projection) => ({ withMembers: includes(projection, 'members') });
