import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { UUID } from '../../../common/http/value-checks.js';
import type { ListRequest } from '../protocol/list-request.js';
import { USER_SHAPE } from '../protocol/user-schema.js';
import { listQuery } from '../query/list-query.js';
import { ScimResourceNotFound } from '../scim-resource.errors.js';
import { ScimUsersRepository, type ScimUserRow } from './scim-users.repository.js';
import { USER_COLUMNS } from './user-columns.js';

export type UserPage = { readonly rows: readonly ScimUserRow[]; readonly total: number };

/** Users of one organization; a text that is not a UUID is not found. */
@Injectable()
export class ReadUsers {
  constructor(private readonly users: ScimUsersRepository) {}

  async get({ orgId }: ScimPrincipal, id: string): Promise<ScimUserRow> {
    const found = UUID.test(id) ? await this.users.find(orgId, id) : null;
    if (!found) throw new ScimResourceNotFound();
    return found;
  }

  list({ orgId }: ScimPrincipal, request: ListRequest, options: { withGroups: boolean }): Promise<UserPage> {
    const query = listQuery(USER_SHAPE, USER_COLUMNS, 's', request);
    return this.users.page(orgId, request, { ...query, ...options });
  }
}
