import { Injectable } from '@nestjs/common';
import { named, Sql } from '../../../database/transactions/sql.js';
import { memberCountOfWorkspace } from '../../members/index.js';
import type { WorkspaceCount } from '../../workspaces/index.js';

const OF_ORG = named('people_per_workspace')`
  select w.id, coalesce(${memberCountOfWorkspace('w.id')}, 0) as members, (
    select count(*)::int from invitation_workspaces here join invitations i on i.id = here.invitation_id
    where here.workspace_id = w.id and i.status = 'pending') as pending
  from workspaces w where w.org_id = $1`;

/** The numbers of rows in both lists of members of a workspace. */
@Injectable()
export class PeoplePerWorkspace {
  constructor(private readonly sql: Sql) {}

  ofOrg(orgId: string): Promise<(Omit<WorkspaceCount, 'provisionedRoles'> & { readonly id: string })[]> {
    return this.sql.rows(OF_ORG, [orgId]);
  }
}
