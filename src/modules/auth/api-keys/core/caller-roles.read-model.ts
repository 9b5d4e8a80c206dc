import { Injectable } from '@nestjs/common';
import { Sql, type Statement } from '../../../../database/transactions/sql.js';
import { ORG_ADMIN_ID, systemRole } from '../../../roles/index.js';

const WORKSPACE_ADMIN_ID = systemRole('WORKSPACE_ADMIN').id;

/**
 * When the first of the roles ends by which a user acts in workspaces: that in the organization, which is all of an Organization
 * Admin, that in a workspace, and those of groups, unless the user has everything there anyway. $1 organization, $2
 * user, $3 workspaces.
 */
const FIRST_END: Statement = {
  name: 'caller_roles_first_end',
  text: `
    select least(
        m.access_expires_at,
        case when m.role_id <> '${ORG_ADMIN_ID}' then w.ends_at end,
        case when m.role_id <> '${ORG_ADMIN_ID}' then g.ends_at end) as "endsAt"
    from current_org_memberships m
    cross join lateral (
      select min(p.access_expires_at) as ends_at from current_workspace_memberships p
      where p.org_id = m.org_id and p.user_id = m.user_id and p.workspace_id = any($3::uuid[])) w
    cross join lateral (
      select min(nullif(t.ends_at, 'infinity')) as ends_at from user_group_roles t
      where t.user_id = m.user_id and t.workspace_id = any($3::uuid[]) and t.ends_at > now()
        and not exists (
          select from current_workspace_memberships p
          where p.workspace_id = t.workspace_id and p.user_id = t.user_id and p.role_id = '${WORKSPACE_ADMIN_ID}')) g
    where m.org_id = $1 and m.user_id = $2`,
};

/** The ends of the roles by which users create keys. */
@Injectable()
export class CallerRoles {
  constructor(private readonly sql: Sql) {}

  /** Null: none of them ends. */
  async firstEnd(orgId: string, userId: string, workspaceIds: readonly string[]): Promise<Date | null> {
    const row = await this.sql.row<{ endsAt: Date | null }>(FIRST_END, [orgId, userId, workspaceIds]);
    return row?.endsAt ?? null;
  }
}
