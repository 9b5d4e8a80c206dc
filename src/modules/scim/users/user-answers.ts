import { Injectable } from '@nestjs/common';
import { type ListRequest, readAttributeNames } from '../protocol/list-request.js';
import { includes } from '../protocol/projection.js';
import type { Resource } from '../protocol/resource.js';
import { USER_SHAPE } from '../protocol/user-schema.js';
import { ResourceAnswers } from '../resource-answers.js';
import type { ScimCall } from '../scim-call.js';
import type { ShownResource } from '../shown-resource.js';
import { ReadUsers } from './read-users.js';
import { toUserResource } from './scim-user.mapper.js';
import type { ScimUserRow } from './scim-users.repository.js';

const ANSWERS = new ResourceAnswers<ScimUserRow>(USER_SHAPE, toUserResource);

/** Users as the client wants to see them. */
@Injectable()
export class UserAnswers {
  constructor(private readonly users: ReadUsers) {}

  /** What turns a row into the answer; made first, so that a wish that cannot be met changes nothing. */
  shownFor({ base, query }: ScimCall): (row: ScimUserRow) => ShownResource {
    const projection = ANSWERS.projectionOf(readAttributeNames(query));
    return (row) => ANSWERS.one(row, base, projection);
  }

  async page({ principal, base }: ScimCall, request: ListRequest): Promise<Resource> {
    const projection = ANSWERS.projectionOf(request);
    const withGroups = includes(projection, 'groups');
    const page = await this.users.list(principal, request, { withGroups });
    return ANSWERS.list(page, base, projection, request.startIndex);
  }
}
