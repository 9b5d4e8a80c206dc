import { Injectable } from '@nestjs/common';
import type { ListPage } from '../../../common/lists/cursor-list.js';
import { named, Sql, type Statement } from '../../../database/transactions/sql.js';
import { mayGrant, type Role, RolesService } from '../../roles/index.js';

/** A workspace or a user group for which a member may ask, with what they have of it. */
export type AccessTarget = {
  readonly kind: 'workspace' | 'group';
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly isMember: boolean;
  /** Of a workspace: the membership, or the role, ends. */
  readonly isTemporary: boolean;
  /** Of a workspace: the member's own role. */
  readonly roleId: string | null;
  readonly roleName: string | null;
  readonly openRequestId: string | null;
  /** The identity provider manages the group, or the member's role in the workspace. */
  readonly isManagedByProvider: boolean;
};

/** Not groups that give a role whose assignment is restricted. $1 organization, $2 user. */
const REQUESTABLE = `
  select 'workspace' as kind, w.id, w.display_name as name, null as description, m.role_id,
    m.id is not null as is_member, m.access_expires_at is not null as is_temporary, m.source is not distinct from 'scim' as is_managed, r.id as request_id
  from workspaces w
  left join current_workspace_memberships m on m.workspace_id = w.id and m.user_id = $2
  left join access_requests r on r.workspace_id = w.id and r.requester_id = $2 and r.state = 'pending'
    and r.expires_at > now()
  where w.org_id = $1 and w.requestable
  union all
  select 'group', g.id, g.name, nullif(g.description, ''), null,
    m.user_id is not null, false, g.idp_sync_enabled, r.id
  from user_groups g
  join organizations o on o.id = g.org_id and o.can_use_user_groups
  left join current_user_group_members m on m.user_group_id = g.id and m.user_id = $2
  left join access_requests r on r.user_group_id = g.id and r.requester_id = $2 and r.state = 'pending'
    and r.expires_at > now()
  where g.org_id = $1 and g.requestable and g.workspace_id is null
    and not exists (
      select from current_user_groups c join role_restrictions x on x.org_id = c.org_id and x.role_id = c.role_id
      where c.parent_user_group_id = g.id)`;

const TARGET = `
  t.kind, t.id, t.name, t.description, t.is_member as "isMember", t.is_temporary as "isTemporary", t.role_id as "roleId", o.display_name as "roleName",
  t.request_id as "openRequestId", t.is_managed as "isManagedByProvider"`;

/** By name. $3 and $4 the position or null, $5 limit. */
const LIST: Statement = named('access_targets_list')`
  select ${TARGET} from (${REQUESTABLE}) t left join roles o on o.id = t.role_id
  where $4::uuid is null or (lower(t.name), t.id) > (lower($3), $4)
  order by lower(t.name), t.id limit $5`;

/** $3 kind, $4 workspace or user group. */
const FIND: Statement = named('access_targets_find')`
  select ${TARGET} from (${REQUESTABLE}) t left join roles o on o.id = t.role_id where t.kind = $3 and t.id = $4`;

const END_AFTER: Statement = named('access_targets_end_after')`
  select now() + make_interval(secs => $1::int) as end`;

/** What members of an organization may ask for. Reads tables of other modules. */
@Injectable()
export class AccessTargets {
  constructor(
    private readonly sql: Sql,
    private readonly roles: RolesService,
  ) {}

  list(orgId: string, userId: string, { after, limit }: ListPage): Promise<AccessTarget[]> {
    const values = [orgId, userId, after?.key ?? null, after?.id ?? null, limit];
    return this.sql.rows<AccessTarget>(LIST, values);
  }

  /** Null if it does not exist, or may not be asked for. */
  find(
    orgId: string,
    userId: string,
    { kind, id }: Pick<AccessTarget, 'kind' | 'id'>,
  ): Promise<AccessTarget | null> {
    return this.sql.row<AccessTarget>(FIND, [orgId, userId, kind, id]);
  }

  /** A role of workspaces whose assignment is not restricted; null if it is unknown, or may not be asked for. */
  async findRole(orgId: string, id: string): Promise<Role | null> {
    const role = (await this.roles.findOrgRoles(orgId, [id])).get(id);
    return role && role.accessScope === 'workspace' && !role.isRestricted ? role : null;
  }

  /** Whether a role has no permission that the other one lacks; false if either is unknown or may not be asked for. */
  async isRoleWithin(orgId: string, { id, otherId }: { id: string; otherId: string }): Promise<boolean> {
    const [role, other] = [await this.findRole(orgId, id), await this.findRole(orgId, otherId)];
    return role !== null && other !== null && mayGrant(new Set(other.permissions), role.permissions);
  }

  /** Such a time from now on, by the database's clock. */
  async endAfter(seconds: number): Promise<Date> {
    return (await this.sql.one<{ end: Date }>(END_AFTER, [seconds])).end;
  }
}
