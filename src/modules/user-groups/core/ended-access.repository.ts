import { Injectable } from '@nestjs/common';
import { named, Sql } from '../../../database/transactions/sql.js';

/** $1 limit. */
const LIST_ORGS = named('user_groups_list_orgs_with_ended_access')`
  select org_id as "orgId" from (
    (select org_id from user_group_members where access_expires_at <= now() order by access_expires_at limit $1)
    union
    (select org_id from user_groups where access_expires_at <= now() order by access_expires_at limit $1)) e
  limit $1`;

/** $1 organization, $2 group or null for all, $3 limit. */
const REMOVE_MEMBERS = named('user_group_members_remove_ended')`
  with ended as (
    select user_group_id, user_id from user_group_members
    where org_id = $1 and access_expires_at <= now() and ($2::uuid is null or user_group_id = $2)
    order by access_expires_at limit $3)
  delete from user_group_members m using ended e
  where m.user_group_id = e.user_group_id and m.user_id = e.user_id
  returning m.user_group_id as "groupId", m.user_id as "userId", m.access_expires_at as "endedAt",
    m.access_expires_set_by_user_id as "setBy"`;

/** $1 organization, $2 group whose grants they are or null for all, $3 limit. */
const REMOVE_GRANTS = named('user_groups_remove_ended_grants')`
  with ended as (
    select id from user_groups
    where org_id = $1 and access_expires_at <= now() and ($2::uuid is null or parent_user_group_id = $2)
    order by access_expires_at limit $3)
  delete from user_groups g using ended e where g.id = e.id
  returning g.parent_user_group_id as "groupId", g.id as "childId", g.workspace_id as "workspaceId",
    g.role_id as "roleId", g.access_expires_at as "endedAt", g.access_expires_set_by_user_id as "setBy"`;

/** `setBy`: the user who set the end; null: a key did. */
type Ended = { readonly groupId: string; readonly endedAt: Date; readonly setBy: string | null };
export type EndedMember = Ended & { readonly userId: string };
export type EndedGrant = Ended & {
  readonly childId: string;
  readonly workspaceId: string;
  readonly roleId: string;
};

/** Memberships and grants of user groups whose end has passed, which the views leave out already. */
@Injectable()
export class EndedAccessRepository {
  constructor(private readonly sql: Sql) {}

  async listOrgs(limit: number): Promise<string[]> {
    const rows = await this.sql.rows<{ orgId: string }>(LIST_ORGS, [limit]);
    return rows.map(({ orgId }) => orgId);
  }

  removeMembers(orgId: string, groupId: string | null, limit: number): Promise<EndedMember[]> {
    return this.sql.rows(REMOVE_MEMBERS, [orgId, groupId, limit]);
  }

  removeGrants(orgId: string, groupId: string | null, limit: number): Promise<EndedGrant[]> {
    return this.sql.rows(REMOVE_GRANTS, [orgId, groupId, limit]);
  }
}
