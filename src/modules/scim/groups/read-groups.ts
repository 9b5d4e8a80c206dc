import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { UUID } from '../../../common/http/value-checks.js';
import { GROUP_SHAPE } from '../protocol/group-schema.js';
import type { ListRequest } from '../protocol/list-request.js';
import { listQuery } from '../query/list-query.js';
import { ScimResourceNotFound } from '../scim-resource.errors.js';
import { GROUP_COLUMNS } from './group-columns.js';
import { ScimGroupsRepository, type ScimGroupRow } from './scim-groups.repository.js';

type GroupPage = { readonly rows: readonly ScimGroupRow[]; readonly total: number };

/** Groups of one organization; a text that is not a UUID is not found. */
@Injectable()
export class ReadGroups {
  constructor(private readonly groups: ScimGroupsRepository) {}

  async get({ orgId }: ScimPrincipal, id: string, options: { withMembers: boolean }): Promise<ScimGroupRow> {
    const found = UUID.test(id) ? await this.groups.find(orgId, id, options) : null;
    if (!found) throw new ScimResourceNotFound();
    return found;
  }

  list(
    { orgId }: ScimPrincipal,
    request: ListRequest,
    options: { withMembers: boolean },
  ): Promise<GroupPage> {
    const query = listQuery(GROUP_SHAPE, GROUP_COLUMNS, 'g', request);
    return this.groups.page(orgId, request, { ...query, ...options });
  }
}
