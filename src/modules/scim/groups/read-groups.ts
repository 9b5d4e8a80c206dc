import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { UUID } from '../../../common/http/fields.js';
import { parseFilter } from '../protocol/filter.js';
import { GROUP_SHAPE } from '../protocol/group-schema.js';
import type { ListRequest } from '../protocol/list-request.js';
import { orderBy } from '../query/columns.js';
import { conditionOf } from '../query/filter-condition.js';
import { ScimResourceNotFound } from '../scim-resource.errors.js';
import { GROUP_COLUMNS } from './group-columns.js';
import { FIRST_VALUE } from './group-statements.js';
import { ScimGroupsRepository, type ScimGroupRow } from './scim-groups.repository.js';

type GroupPage = { readonly rows: readonly ScimGroupRow[]; readonly total: number };

/** Groups of one organization; ids come as any text, and what is no id is not found. */
@Injectable()
export class ReadGroups {
  constructor(private readonly groups: ScimGroupsRepository) {}

  async get({ orgId }: ScimPrincipal, id: string, wish: { withMembers: boolean }): Promise<ScimGroupRow> {
    const found = UUID.test(id) ? await this.groups.find(orgId, id, wish) : null;
    if (!found) throw new ScimResourceNotFound();
    return found;
  }

  /** In a stable order: the oldest first unless something else is asked, and among equals too. */
  list({ orgId }: ScimPrincipal, request: ListRequest, wish: { withMembers: boolean }): Promise<GroupPage> {
    const { filter } = request;
    const condition =
      filter === null ? null : conditionOf(parseFilter(filter), GROUP_SHAPE, GROUP_COLUMNS, FIRST_VALUE);
    const order = orderBy(GROUP_SHAPE, GROUP_COLUMNS, {
      ...request,
      otherwise: 'g.created_at',
      last: 'g.id',
    });
    return this.groups.page(orgId, request, {
      condition,
      orderBy: order,
      isSorted: request.sortBy !== null,
      ...wish,
    });
  }
}
