import { Injectable } from '@nestjs/common';
import { Sql, type Statement } from '../../database/transactions/sql.js';
import { ORG_ADMIN_ID } from '../roles/index.js';

/**
 * $1 organization, $2 user, $3 workspaces. Whether something that the user has there has an end; of an Organization Admin, who
 * has everything, whether that does.
 */
const IS_TEMPORARY: Statement = {
  name: 'own_ends_is_temporary',
  text: `
    select coalesce(bool_or(m.access_expires_at is not null or m.role_id <> '${ORG_ADMIN_ID}' and (
      exists (
        select from current_workspace_memberships w
        where w.workspace_id = any($3) and w.user_id = m.user_id and w.access_expires_at is not null)
      or exists (
        select from user_group_roles r
        where r.user_id = m.user_id and r.workspace_id = any($3) and r.ends_at > now() and r.ends_at < 'infinity'))),
      false) as "isTemporary"
    from current_org_memberships m where m.org_id = $1 and m.user_id = $2`,
};

/** The user, or who made the service key. */
type Caller = { readonly orgId: string; readonly madeByUserId: string | null };

/** Who has something until a date does not give themselves what stays. Reads tables of other modules. */
@Injectable()
export class OwnEnds {
  constructor(private readonly sql: Sql) {}

  async isTemporary({ orgId, madeByUserId }: Caller, workspaceIds: readonly string[]): Promise<boolean> {
    if (madeByUserId === null) return false;
    const values = [orgId, madeByUserId, workspaceIds];
    return (await this.sql.one<{ isTemporary: boolean }>(IS_TEMPORARY, values)).isTemporary;
  }
}
