import { Injectable } from '@nestjs/common';
import { named, Sql, type Statement } from '../../database/transactions/sql.js';

const LIST_ORGS: Statement = named('memberships_list_orgs_with_ended')`
  select org_id as "orgId" from (
    (select org_id from org_memberships where access_expires_at <= now() order by access_expires_at limit $1)
    union
    (select org_id from workspace_memberships where access_expires_at <= now() order by access_expires_at limit $1)) e
  limit $1`;

const HAS_ENDED: Statement = named('memberships_has_ended_of_users')`
  select exists (
      select from org_memberships where org_id = $1 and user_id = any($2) and access_expires_at <= now())
    or exists (
      select from workspace_memberships where org_id = $1 and user_id = any($2) and access_expires_at <= now())
    as found`;

/** $1 organization, $2 users or null for all, $3 limit. */
const ENDED = (condition: string) => `
  org_id = $1 and access_expires_at <= now() and ($2::uuid[] is null or user_id = any($2)) and ${condition}
  order by access_expires_at limit $3`;

const END = 'm.access_expires_at as "endedAt", m.access_expires_set_by_user_id as "setBy"';

const REMOVE_FROM_ORG: Statement = named('org_memberships_remove_ended')`
  with removed as (
    delete from org_memberships m using (
      select id from org_memberships where ${ENDED('reverts_to_role_id is null')}) e
    where m.id = e.id
    returning m.org_id, m.id, m.user_id as "userId", m.role_id as "roleId", ${END}),
  remembered as (
    insert into ended_memberships as k (org_id, user_id, membership_id, role_id, ended_at, set_by_user_id)
    select org_id, "userId", id, "roleId", "endedAt", "setBy" from removed
    on conflict (org_id, user_id) do update set membership_id = excluded.membership_id,
      role_id = excluded.role_id, ended_at = excluded.ended_at, set_by_user_id = excluded.set_by_user_id)
  select id, "userId", "roleId", "endedAt", "setBy" from removed order by "endedAt", id`;

const REMOVE_FROM_WORKSPACES: Statement = named('workspace_memberships_remove_ended')`
  delete from workspace_memberships m using (
    select id from workspace_memberships where ${ENDED('reverts_to_role_id is null')}) e
  where m.id = e.id
  returning m.id, m.workspace_id as "workspaceId", m.user_id as "userId", m.role_id as "roleId", ${END}`;

/** The change of role is that of the user who set the end, at the end. */
const TO_THE_NEXT_ROLE = `
  set role_id = m.reverts_to_role_id, access_expires_at = null, reverts_to_role_id = null,
    access_expires_set_by_user_id = null, role_changed_at = e.access_expires_at,
    role_changed_by_user_id = e.access_expires_set_by_user_id, role_changed_by_key_id = null,
    role_changed_audit_entry_id = null`;
const BEFORE = 'id, role_id, access_expires_at, access_expires_set_by_user_id';
const NEXT_ROLE = `
  m.user_id as "userId", e.role_id as "fromRoleId", m.role_id as "roleId", e.access_expires_at as "endedAt",
  e.access_expires_set_by_user_id as "setBy"`;

const REVERT_IN_ORG: Statement = named('org_memberships_revert_ended')`
  update org_memberships m ${TO_THE_NEXT_ROLE}
  from (select ${BEFORE} from org_memberships where ${ENDED('reverts_to_role_id is not null')}) e
  where m.id = e.id returning m.id, ${NEXT_ROLE}`;

const REVERT_IN_WORKSPACES: Statement = named('workspace_memberships_revert_ended')`
  update workspace_memberships m ${TO_THE_NEXT_ROLE}
  from (select ${BEFORE} from workspace_memberships where ${ENDED('reverts_to_role_id is not null')}) e
  where m.id = e.id returning m.id, m.workspace_id as "workspaceId", ${NEXT_ROLE}`;

/** `setBy`: the user who set the end; null: a key did. */
export type Ended = {
  readonly id: string;
  readonly userId: string;
  readonly roleId: string;
  readonly endedAt: Date;
  readonly setBy: string | null;
};
type InWorkspace = { readonly workspaceId: string };
type Reverted = Ended & { readonly fromRoleId: string };

/** Memberships whose end has passed; reading does without them already. Under the roster lock. */
@Injectable()
export class EndedMembershipsRepository {
  constructor(private readonly sql: Sql) {}

  async listOrgs(limit: number): Promise<string[]> {
    const rows = await this.sql.rows<{ orgId: string }>(LIST_ORGS, [limit]);
    return rows.map(({ orgId }) => orgId);
  }

  async hasEnded(orgId: string, userIds: readonly string[]): Promise<boolean> {
    return (await this.sql.one<{ found: boolean }>(HAS_ENDED, [orgId, userIds])).found;
  }

  /**
   * Removes and reverts what has ended: at most `limit` of each kind, of these users or (null) of all. Who has left the
   * organization is remembered, so that they do not come back by signing in; their memberships in workspaces go, too.
   */
  async tidy(orgId: string, userIds: readonly string[] | null, limit: number) {
    const values = [orgId, userIds, limit];
    return {
      left: await this.sql.rows<Ended>(REMOVE_FROM_ORG, values),
      reverted: await this.sql.rows<Reverted>(REVERT_IN_ORG, values),
      removed: await this.sql.rows<Ended & InWorkspace>(REMOVE_FROM_WORKSPACES, values),
      revertedIn: await this.sql.rows<Reverted & InWorkspace>(REVERT_IN_WORKSPACES, values),
    };
  }
}
