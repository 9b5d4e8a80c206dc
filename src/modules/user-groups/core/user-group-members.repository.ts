import { Injectable } from '@nestjs/common';
import { named, Sql } from '../../../database/transactions/sql.js';
import type { ListPage } from '../../../common/lists/cursor-list.js';
import type { UserGroup, UserGroupMember } from './entities.js';
import { type End, valuesOf } from './user-groups.repository.js';

const USER = `
  m.user_id as "memberId", m.user_id as "userId", u.email, u.full_name as "fullName", u.avatar_url as "avatarUrl",
  o.is_disabled as "isDisabled", m.created_at as "addedAt", m.access_expires_at as "accessExpiresAt"`;

const MEMBERS = `
  from current_user_group_members m
  join current_org_memberships o on o.org_id = m.org_id and o.user_id = m.user_id
  join users u on u.id = m.user_id`;

/** Users and service accounts. $1 organization, $2 group, $3 the last member of the page before or null, $4 limit. */
const LIST = named('user_group_members_list')`
  (select o.id as "identityId", ${USER} ${MEMBERS}
    where m.user_group_id = $2 and m.org_id = $1 and ($3::uuid is null or m.user_id > $3)
    order by m.user_id limit $4)
  union all
  (select a.identity_id, a.id, null, null, a.name, null, false, m.created_at, null
    from user_group_service_accounts m
    join service_accounts a on a.id = m.service_account_id and a.org_id = m.org_id
    where m.user_group_id = $2 and m.org_id = $1 and ($3::uuid is null or m.service_account_id > $3)
    order by m.service_account_id limit $4)
  order by "memberId" limit $4`;

/** $1 organization, $2 group, $3 workspace, $4 the last user of the page before or null, $5 limit. */
const LIST_IN_WORKSPACE = named('user_group_members_list_in_workspace')`
  select w.id as "identityId", o.id as "orgIdentityId", ${USER} ${MEMBERS}
  join current_workspace_memberships w on w.workspace_id = $3 and w.user_id = m.user_id
  where m.user_group_id = $2 and m.org_id = $1 and ($4::uuid is null or m.user_id > $4)
  order by m.user_id limit $5`;

/** $1 organization, $3 workspace of a child or null, $4 identities in the organization. */
const GIVEN = `
    given as (
      select g.id, g.position, o.user_id, a.id as account_id,
        $3::uuid is null or w.id is not null or r.workspace_id is not null as is_eligible
      from unnest($4::uuid[]) with ordinality g (id, position)
      left join current_org_memberships o on o.id = g.id and o.org_id = $1
      left join current_workspace_memberships w on w.workspace_id = $3 and w.user_id = o.user_id
      left join service_accounts a on a.identity_id = g.id and a.org_id = $1
      left join service_account_workspaces r on r.workspace_id = $3 and r.service_account_id = a.id)`;

/** The identities that `ADD_IDENTITIES` would add. $1 to $4 as there. */
const LIST_JOINING = named('user_group_members_list_joining')`
  with ${GIVEN}
  select id as "identityId", coalesce(user_id, account_id) as "memberId" from given
  where is_eligible and (user_id is not null or account_id is not null)
    and not exists (
      select from current_user_group_members m where m.user_group_id = $2 and m.user_id = given.user_id)
    and not exists (
      select from user_group_service_accounts s
      where s.user_group_id = $2 and s.service_account_id = given.account_id)`;

/** The positions of identities that an identity provider put into the group. $1 to $4 as above. */
const LIST_PROVIDED = named('user_group_members_list_provided')`
  with ${GIVEN}
  select (given.position - 1)::int as index from given
  join current_user_group_members m on m.user_group_id = $2 and m.user_id = given.user_id and m.source <> 'manual'
  order by 1`;

/** $1 to $4 as above, $5 end or null, $6 who set it. The end of members is what they have, or have got. */
const ADD_IDENTITIES = named('user_group_members_add_identities')`
  with ${GIVEN},
  added as (
    insert into user_group_members
      (user_group_id, user_id, org_id, source, access_expires_at, access_expires_set_by_user_id)
    select $2, user_id, $1, 'manual', $5::timestamptz, $6::uuid from given where user_id is not null and is_eligible
    on conflict (user_group_id, user_id) do nothing returning user_id),
  added_accounts as (
    insert into user_group_service_accounts (user_group_id, service_account_id, org_id)
    select $2, account_id, $1 from given where account_id is not null and is_eligible
    on conflict (user_group_id, service_account_id) do nothing returning service_account_id)
  select given.id as "identityId", n.member_id is not null as "isInOrg", case
      when n.member_id is null or not given.is_eligible then 'FAILED'
      when u.user_id is null and s.service_account_id is null then 'UNCHANGED' else 'CREATED' end as status,
    case when u.user_id is null then m.access_expires_at else $5 end as "accessExpiresAt"
  from given cross join lateral (select coalesce(given.user_id, given.account_id) as member_id) n
  left join added u on u.user_id = given.user_id
  left join added_accounts s on s.service_account_id = given.account_id
  left join current_user_group_members m on m.user_group_id = $2 and m.user_id = given.user_id
  order by given.position`;

/** $1 organization, $2 group, $3 identity in the organization. */
const FIND = named('user_group_members_find')`
  select m.user_id as "memberId", m.source
  from current_org_memberships o join current_user_group_members m on m.user_id = o.user_id and m.org_id = o.org_id
  where o.org_id = $1 and m.user_group_id = $2 and o.id = $3
  union all
  select m.service_account_id, 'manual'
  from service_accounts a
  join user_group_service_accounts m on m.service_account_id = a.id and m.org_id = a.org_id
  where a.org_id = $1 and m.user_group_id = $2 and a.identity_id = $3`;

/** $1 organization, $2 group, $3 user or service account. */
const REMOVE = named('user_group_members_remove')`
  with users as (delete from user_group_members where org_id = $1 and user_group_id = $2 and user_id = $3)
  delete from user_group_service_accounts where org_id = $1 and user_group_id = $2 and service_account_id = $3`;

/** $1 user, $2 groups. */
const IS_IN_ONE_OF = named('user_group_members_is_in_one_of')`
  select exists (
    select from current_user_group_members where user_id = $1 and user_group_id = any($2)) as "isMember"`;

/**
 * A user or a service account, which has neither a user id nor an address; `memberId` is the id of either. `identityId`: in
 * the organization, or in the workspace, where `orgIdentityId` is that in the organization.
 */
export type ListedMember = {
  readonly identityId: string;
  readonly orgIdentityId?: string;
  readonly memberId: string;
  readonly userId: string | null;
  readonly email: string | null;
  readonly fullName: string | null;
  readonly avatarUrl: string | null;
  readonly isDisabled: boolean;
  readonly addedAt: Date;
  readonly accessExpiresAt: Date | null;
};
export type AddedIdentity = {
  readonly identityId: string;
  readonly status: 'CREATED' | 'UNCHANGED' | 'FAILED';
  readonly isInOrg: boolean;
  /** Of a member: null if the membership is permanent. */
  readonly accessExpiresAt: Date | null;
};
/** `memberId`: of the user or of the service account, which only users add. */
type FoundMember = Pick<UserGroupMember, 'source'> & { readonly memberId: string };
type GroupKey = Pick<UserGroup, 'orgId' | 'id' | 'workspaceId'>;
/** The user, or who made the service key. */
type Caller = { readonly orgId: string; readonly madeByUserId: string | null };

/** Members of user groups. Identities are memberships in the organization, or those of service accounts. */
@Injectable()
export class UserGroupMembersRepository {
  constructor(private readonly sql: Sql) {}

  /** Users and service accounts, by their ids. */
  list({ orgId, id }: GroupKey, { after, limit }: ListPage): Promise<ListedMember[]> {
    return this.sql.rows(LIST, [orgId, id, after?.id ?? null, limit]);
  }

  /** Users who are members of the child's workspace, by user id. */
  listInWorkspace({ orgId, id, workspaceId }: GroupKey, { after, limit }: ListPage): Promise<ListedMember[]> {
    return this.sql.rows(LIST_IN_WORKSPACE, [orgId, id, workspaceId, after?.id ?? null, limit]);
  }

  /** Null if no member of the group has this identity. */
  find({ orgId, id }: GroupKey, identityId: string): Promise<FoundMember | null> {
    return this.sql.row(FIND, [orgId, id, identityId]);
  }

  /** The identities that `addIdentities` would add. */
  listJoining(
    { orgId, id, workspaceId }: GroupKey,
    identityIds: readonly string[],
  ): Promise<{ identityId: string; memberId: string }[]> {
    return this.sql.rows(LIST_JOINING, [orgId, id, workspaceId, identityIds]);
  }

  /** The indexes of identities whom an identity provider put into the group. */
  async listProvided(
    { orgId, id, workspaceId }: GroupKey,
    identityIds: readonly string[],
  ): Promise<number[]> {
    const rows = await this.sql.rows<{ index: number }>(LIST_PROVIDED, [orgId, id, workspaceId, identityIds]);
    return rows.map(({ index }) => index);
  }

  /** Adds members by hand; to a child only those in its workspace. In the order of the identities. */
  addIdentities(
    { orgId, id, workspaceId }: GroupKey,
    identityIds: readonly string[],
    end: End,
  ): Promise<AddedIdentity[]> {
    return this.sql.rows(ADD_IDENTITIES, [orgId, id, workspaceId, identityIds, ...valuesOf(end)]);
  }

  async isInOneOf({ madeByUserId }: Caller, groupIds: readonly string[]): Promise<boolean> {
    const { isMember } = await this.sql.one<{ isMember: boolean }>(IS_IN_ONE_OF, [madeByUserId, groupIds]);
    return isMember;
  }

  async remove({ orgId, id }: GroupKey, { memberId }: FoundMember): Promise<void> {
    await this.sql.affected(REMOVE, [orgId, id, memberId]);
  }
}
