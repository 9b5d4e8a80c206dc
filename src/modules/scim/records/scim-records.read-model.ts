import { Injectable } from '@nestjs/common';
import type { ListPage } from '../../../common/lists/cursor-list.js';
import { named, Sql, type Statement } from '../../../database/transactions/sql.js';
import type { Json } from '../protocol/value.js';
import { GROUP_FIELDS, GROUP_JOINS, type ScimGroupRow } from '../groups/scim-groups.repository.js';

export type UserRecord = {
  readonly id: string;
  readonly membershipId: string;
  readonly userId: string;
  readonly userName: string;
  readonly externalId: string | null;
  readonly email: string;
  readonly fullName: string | null;
  readonly isActive: boolean;
  readonly roleName: string;
  readonly groupCount: number;
  /** The values of `roles`; null if they have no effect. */
  readonly roles: Json;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

export type GroupRecord = Omit<ScimGroupRow, 'members'> & { readonly memberCount: number };

/** $1 organization, $2 and $3 position, $4 limit. */
export const LIST_USERS: Statement = named('scim_records_list_users')`
  select s.id, m.id as "membershipId", s.user_id as "userId", s.user_name as "userName", s.external_id as "externalId",
    m.user_email as email, m.user_full_name as "fullName", not m.is_disabled as "isActive",
    r.display_name as "roleName", s.created_at as "createdAt", s.updated_at as "updatedAt",
    (select s.attributes -> 'roles' from organizations where id = $1 and scim_roles_enabled) as roles,
    (select count(*)::int from scim_group_members g where g.scim_user_id = s.id and g.org_id = s.org_id) as "groupCount"
  from (
    select * from scim_users where org_id = $1 and (updated_at, id) < ($2::timestamptz, $3::uuid)
    order by updated_at desc, id desc limit $4) s
  join current_org_memberships m on m.org_id = s.org_id and m.user_id = s.user_id
  join roles r on r.id = m.role_id
  order by s.updated_at desc, s.id desc`;

const LIST_GROUPS: Statement = named('scim_records_list_groups')`
  select ${GROUP_FIELDS},
    (select count(*)::int from scim_group_members m where m.group_id = g.id) as "memberCount"
  from (
    select * from scim_groups where org_id = $1 and (created_at, id) < ($2::timestamptz, $3::uuid)
    order by created_at desc, id desc limit $4) g ${GROUP_JOINS}
  order by g.created_at desc, g.id desc`;

@Injectable()
export class ScimRecords {
  constructor(private readonly sql: Sql) {}

  /** The users that were changed last come first. */
  listUsers(orgId: string, page: ListPage): Promise<UserRecord[]> {
    return this.sql.rows(LIST_USERS, [orgId, ...boundOf(page), page.limit]);
  }

  /** The newest first, whose role decides in a workspace (docs/contract/scim.md#precedence). */
  listGroups(orgId: string, page: ListPage): Promise<GroupRecord[]> {
    return this.sql.rows(LIST_GROUPS, [orgId, ...boundOf(page), page.limit]);
  }
}

const START = ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'] as const;

const boundOf = ({ after }: ListPage): readonly [key: Date | string, id: string] =>
  after ? [new Date(after.key), after.id] : START;
