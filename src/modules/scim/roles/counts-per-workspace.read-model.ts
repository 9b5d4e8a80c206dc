import { Injectable } from '@nestjs/common';
import { named, Sql, type Statement } from '../../../database/transactions/sql.js';
import { PeoplePerWorkspace } from '../../invitations/index.js';
import { type WorkspaceCount, WorkspaceCounts } from '../../workspaces/index.js';
import { isWorkspaceRoleId } from './scim-roles.repository.js';

const ROLES: Statement = named('scim_roles_per_workspace')`
  select left(e.value ->> 'value', 36) as id, count(*)::int as roles
  from organizations o join scim_users s on s.org_id = o.id
    cross join jsonb_array_elements(s.attributes -> 'roles') as e (value)
  where o.id = $1 and o.scim_roles_enabled and ${isWorkspaceRoleId(`(e.value ->> 'value')`)}
  group by 1`;

/** What a workspace is to people and to an identity provider that names it. */
@Injectable()
export class CountsPerWorkspace extends WorkspaceCounts {
  constructor(
    private readonly sql: Sql,
    private readonly people: PeoplePerWorkspace,
  ) {
    super();
  }

  async ofOrg(orgId: string): Promise<ReadonlyMap<string, WorkspaceCount>> {
    const rows = await this.sql.rows<{ id: string; roles: number }>(ROLES, [orgId]);
    const roles = new Map(rows.map((row) => [row.id, row.roles]));
    const people = await this.people.ofOrg(orgId);
    return new Map(people.map((row) => [row.id, { ...row, provisionedRoles: roles.get(row.id) ?? 0 }]));
  }
}
