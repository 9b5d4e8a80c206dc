import { Injectable } from '@nestjs/common';
import { unique } from '../../../common/collections.js';
import { UUID } from '../../../common/http/operations/value-checks.js';
import { named, Sql, type Statement } from '../../../database/transactions/sql.js';
import type { Provenance } from '../../members/index.js';
import { ScimError } from '../protocol/scim.errors.js';
import { EACH_GIVEN_USER } from '../roles/user-roles.repository.js';
import type { ScimGroup } from './entities.js';
import { type MemberChange, type MemberDelta, nestedGroupError } from './group-edit.js';

type GroupUsers = readonly [orgId: string, groupId: string, scimUserIds: readonly string[]];

const ARE_ANY_GROUPS: Statement = named('scim_groups_are_any')`
  select exists (select from scim_groups where org_id = $1 and id = any($2)) as any`;

/** The given users who exist in the organization, and whether they were added now. */
const ADD_MEMBERS: Statement = named('scim_group_members_add')`
  with known as (select s.id from unnest($3::uuid[]) as given (id) ${EACH_GIVEN_USER} where s.org_id = $1),
  added as (
    insert into scim_group_members
      (group_id, scim_user_id, org_id, created_via, created_by_key_id, created_audit_entry_id)
    select $2, id, $1, $4, $5, $6 from known order by id
    on conflict (group_id, scim_user_id) do nothing
    returning scim_user_id)
  select known.id, added.scim_user_id is not null as "isAdded"
  from known left join added on added.scim_user_id = known.id`;

const removal = (name: string, condition: string): Statement => ({
  name,
  text: `
    delete from scim_group_members where org_id = $1 and group_id = $2 and scim_user_id ${condition}
    returning scim_user_id as id`,
});

const REMOVE_MEMBERS = removal('scim_group_members_remove', '= any($3)');
const KEEP_MEMBERS = removal('scim_group_members_keep', '<> all($3)');

const MEMBERS_OF: Statement = named('scim_group_members_of')`
  select distinct scim_user_id as id from scim_group_members where org_id = $1 and group_id = any($2)`;

const ACCOUNTS_BY_GROUP: Statement = named('scim_group_members_accounts')`
  select gm.group_id as "groupId", m.user_id as "userId", m.role_id as "roleId"
  from scim_group_members gm join scim_users s on s.id = gm.scim_user_id
    join org_memberships m on m.org_id = s.org_id and m.user_id = s.user_id
  where gm.org_id = $1 and gm.group_id = any($2)`;

const USERS_OF: Statement = named('scim_group_members_users_of')`
  select s.user_id as id from unnest($2::uuid[]) as given (id) ${EACH_GIVEN_USER} where s.org_id = $1`;

const USERS_OF_GROUP: Statement = named('scim_group_members_users_of_group')`
  select s.user_id as id
  from scim_groups g join scim_group_members m on m.group_id = g.id join scim_users s on s.id = m.scim_user_id
  where g.org_id = $1 and (lower(g.display_name) collate "C") = (lower($2::text) collate "C")
    and btrim(g.display_name) = $2`;

/** Members of groups. Costs depend on the number of users in the call, not on the size of the group. */
@Injectable()
export class GroupMembersRepository {
  constructor(private readonly sql: Sql) {}

  /** Removing an unknown user is no error. @throws ScimError invalidValue for an added member who is not a user of the organization */
  async change(
    { orgId, id }: Pick<ScimGroup, 'orgId' | 'id'>,
    changes: readonly MemberChange[],
    by: Provenance,
  ): Promise<MemberDelta> {
    const added: string[] = [];
    const removed: string[] = [];
    for (const { kind, ids } of changes) {
      const uniqueIds = unique(ids.map((userId) => userId.toLowerCase()));
      const values: GroupUsers = [orgId, id, uniqueIds.filter((userId) => UUID.test(userId))];
      if (kind === 'replace') removed.push(...(await this.ids(KEEP_MEMBERS, values)));
      if (kind === 'remove') removed.push(...(await this.ids(REMOVE_MEMBERS, values)));
      else if (uniqueIds.length > 0) added.push(...(await this.add(values, uniqueIds.length, by)));
    }
    return { added, removed };
  }

  listMembers(orgId: string, groupIds: readonly string[]): Promise<string[]> {
    return this.ids(MEMBERS_OF, [orgId, groupIds]);
  }

  listAccounts(
    orgId: string,
    groupIds: readonly string[],
  ): Promise<{ groupId: string; userId: string; roleId: string }[]> {
    return this.sql.rows(ACCOUNTS_BY_GROUP, [orgId, groupIds]);
  }

  /** The accounts of these SCIM users. */
  async listUserIds(orgId: string, scimUserIds: readonly string[]): Promise<string[]> {
    return scimUserIds.length === 0 ? [] : this.ids(USERS_OF, [orgId, scimUserIds]);
  }

  /** The accounts of the members of the group with exactly this name. */
  listUserIdsOfGroup(orgId: string, displayName: string): Promise<string[]> {
    return this.ids(USERS_OF_GROUP, [orgId, displayName]);
  }

  private async add([orgId, id, possible]: GroupUsers, count: number, by: Provenance): Promise<string[]> {
    const values = [orgId, id, possible, by.via, by.keyId, by.auditEntryId];
    const known = await this.sql.rows<{ id: string; isAdded: boolean }>(ADD_MEMBERS, values);
    if (known.length < count) {
      const groups = await this.sql.one<{ any: boolean }>(ARE_ANY_GROUPS, [orgId, possible]);
      if (groups.any) throw nestedGroupError();
      // 404 is for the resource that the request names (RFC 7644, section 3.12).
      throw new ScimError('invalidValue', 'The user to add as a member does not exist.');
    }
    return known.flatMap((user) => (user.isAdded ? [user.id] : []));
  }

  private async ids(statement: Statement, values: readonly unknown[]): Promise<string[]> {
    return (await this.sql.rows<{ id: string }>(statement, values)).map(({ id }) => id);
  }
}
