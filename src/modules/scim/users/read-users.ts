import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { UUID } from '../../../common/http/fields.js';
import { parseFilter } from '../protocol/filter.js';
import type { ListRequest } from '../protocol/list-request.js';
import { USER_SHAPE } from '../protocol/user-schema.js';
import { orderBy } from '../query/columns.js';
import { conditionOf } from '../query/filter-condition.js';
import { ScimResourceNotFound } from '../scim-resource.errors.js';
import { ScimUsersRepository, type ScimUserRow } from './scim-users.repository.js';
import { USER_COLUMNS } from './user-columns.js';
import { FIRST_VALUE } from './user-statements.js';

export type UserPage = { readonly rows: readonly ScimUserRow[]; readonly total: number };

/** Users of one organization; ids come as any text, and what is no id is not found. */
@Injectable()
export class ReadUsers {
  constructor(private readonly users: ScimUsersRepository) {}

  async get({ orgId }: ScimPrincipal, id: string): Promise<ScimUserRow> {
    const found = UUID.test(id) ? await this.users.find(orgId, id) : null;
    if (!found) throw new ScimResourceNotFound();
    return found;
  }

  /** In a stable order: the oldest first unless something else is asked, and among equals too. */
  list({ orgId }: ScimPrincipal, request: ListRequest, withGroups: boolean): Promise<UserPage> {
    const { filter } = request;
    const condition =
      filter === null ? null : conditionOf(parseFilter(filter), USER_SHAPE, USER_COLUMNS, FIRST_VALUE);
    const order = orderBy(USER_SHAPE, USER_COLUMNS, { ...request, otherwise: 's.created_at', last: 's.id' });
    return this.users.page(orgId, request, {
      condition,
      orderBy: order,
      isSorted: request.sortBy !== null,
      withGroups,
    });
  }
}
