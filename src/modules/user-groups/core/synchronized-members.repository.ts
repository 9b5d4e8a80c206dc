import { Injectable } from '@nestjs/common';
import type { GrantedGroup } from '../../../common/access/access-limits.js';
import { named, Sql, type Statement } from '../../../database/transactions/sql.js';
import { grantsOf } from '../effective-roles/user-group-roles.repository.js';

/**
 * In the groups `g` that follow a group of the identity provider, also while the organization does not have the feature:
 * a member whom the provider removed meanwhile must not come back with it. SCIM takes over members of single sign-on, and
 * both take over members by hand who have an end, and no others (docs/contract/user-groups.md#synchronization).
 */
const FOLLOWING = 'g.org_id = $1 and g.idp_sync_enabled';

/** $1 organization, $2 names: those that are followed. */
const FOLLOWED_NAMES = named('user_groups_followed_names')`
  select g.idp_group_name as name from user_groups g where ${FOLLOWING} and g.idp_group_name = any($2)`;

/** $1 organization, $2 name, $3 added users, $4 removed ones: those whose membership changes, and what the group has. */
const SCIM_CHANGES = named('user_groups_scim_changes')`
  select ${grantsOf('g.id')} as grants,
    array(
      select added.id from unnest($3::uuid[]) added (id)
      where not exists (
        select from current_user_group_members m
        where m.user_group_id = g.id and m.user_id = added.id and m.access_expires_at is null)
    ) as joining,
    array(
      select m.user_id from current_user_group_members m
      where m.user_group_id = g.id and m.source = 'scim' and m.user_id = any($4) and m.user_id <> all($3)
    ) as leaving
  from user_groups g where ${FOLLOWING} and g.idp_group_name = $2`;

/** $1 organization, $2 name, $3 users. Returns those who were no members, or members until a date. */
const ADD_SCIM_MEMBERS = named('user_group_members_add_scim')`
  with users as (
    select g.id as group_id, o.user_id, o.org_id
    from user_groups g join current_org_memberships o on o.org_id = g.org_id and o.user_id = any($3)
    where ${FOLLOWING} and g.idp_group_name = $2),
  present as (
    select u.group_id, u.user_id, m.access_expires_at is not null as has_end
    from users u join user_group_members m on m.user_group_id = u.group_id and m.user_id = u.user_id
    where m.source = 'sso_group' or m.access_expires_at is not null),
  taken_over as (
    update user_group_members m set source = 'scim', access_expires_at = null, access_expires_set_by_user_id = null
    from present p where m.user_group_id = p.group_id and m.user_id = p.user_id),
  added as (
    insert into user_group_members (user_group_id, user_id, org_id, source)
    select group_id, user_id, org_id, 'scim' from users
    on conflict (user_group_id, user_id) do nothing
    returning user_group_id as group_id, user_id)
  select group_id as "groupId", user_id as "userId"
  from (select group_id, user_id from added union all select group_id, user_id from present where has_end) a`;

/** $1 organization, $2 name, $3 users. */
const REMOVE_SCIM_MEMBERS = named('user_group_members_remove_scim')`
  delete from user_group_members m using user_groups g
  where m.user_group_id = g.id and m.source = 'scim' and m.user_id = any($3)
    and ${FOLLOWING} and g.idp_group_name = $2
  returning m.user_group_id as "groupId", m.user_id as "userId"`;

/** $1 organization, $2 user, $3 names in the claim. Returns the groups also for a member until a date. */
const ADD_CLAIMED_MEMBER = named('user_group_members_add_claimed')`
  insert into user_group_members (user_group_id, user_id, org_id, source)
  select g.id, $2, g.org_id, 'sso_group' from user_groups g where ${FOLLOWING} and g.idp_group_name = any($3)
  on conflict (user_group_id, user_id) do update
    set source = 'sso_group', access_expires_at = null, access_expires_set_by_user_id = null
    where user_group_members.access_expires_at is not null
  returning user_group_id as id`;

/** $1 organization, $2 user, $3 names in the claim. */
const REMOVE_CLAIMED_MEMBER = named('user_group_members_remove_claimed')`
  delete from user_group_members m using user_groups g
  where m.user_group_id = g.id and m.source = 'sso_group' and m.user_id = $2
    and ${FOLLOWING} and g.idp_group_name <> all($3)
  returning m.user_group_id as id`;

/** What a user group has in workspaces, and the users who join and leave it. */
type ScimChanges = {
  readonly grants: readonly GrantedGroup[];
  readonly joining: readonly string[];
  readonly leaving: readonly string[];
};

/** A user who has joined or left a user group. */
export type FollowingMember = { readonly groupId: string; readonly userId: string };

const NO_CHANGES: ScimChanges = { grants: [], joining: [], leaving: [] };

/**
 * Members of user groups that follow a group of the identity provider. Callers hold the roster lock. Costs depend on the
 * number of users in the call, not on the size of the group.
 */
@Injectable()
export class SynchronizedMembersRepository {
  constructor(private readonly sql: Sql) {}

  /** The names among these that a user group follows. */
  async listFollowed(orgId: string, names: readonly string[]): Promise<ReadonlySet<string>> {
    if (names.length === 0) return new Set();
    const rows = await this.sql.rows<{ name: string }>(FOLLOWED_NAMES, [orgId, names]);
    return new Set(rows.map(({ name }) => name));
  }

  /** What removing and then adding these users would change in the group that follows this name; nothing if none does. */
  async listScimChanges(
    orgId: string,
    name: string,
    { added, removed }: { readonly added: readonly string[]; readonly removed: readonly string[] },
  ): Promise<ScimChanges> {
    const changes = await this.sql.row<ScimChanges>(SCIM_CHANGES, [orgId, name, added, removed]);
    return changes ?? NO_CHANGES;
  }

  /** Returns those who were no members before, or members until a date. */
  addScimMembers(orgId: string, name: string, userIds: readonly string[]): Promise<FollowingMember[]> {
    return this.sql.rows(ADD_SCIM_MEMBERS, [orgId, name, userIds]);
  }

  /** Returns those who were members by SCIM. */
  removeScimMembers(orgId: string, name: string, userIds: readonly string[]): Promise<FollowingMember[]> {
    return this.sql.rows(REMOVE_SCIM_MEMBERS, [orgId, name, userIds]);
  }

  /** The groups that the user joined and left, by what the claim of a sign-in names. */
  async applyClaim(
    orgId: string,
    userId: string,
    names: readonly string[],
  ): Promise<{ joined: string[]; left: string[] }> {
    const left = await this.ids(REMOVE_CLAIMED_MEMBER, [orgId, userId, names]);
    return { joined: await this.ids(ADD_CLAIMED_MEMBER, [orgId, userId, names]), left };
  }

  private async ids(statement: Statement, values: readonly unknown[]): Promise<string[]> {
    return (await this.sql.rows<{ id: string }>(statement, values)).map(({ id }) => id);
  }
}
