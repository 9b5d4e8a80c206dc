import { Injectable } from '@nestjs/common';
import type { GrantedGroup } from '../../../common/access/access-limits.js';
import type { Permission } from '../../../common/access/permissions.js';
import { jsonRows } from '../../../database/statements/json-rows.js';
import { named, Sql } from '../../../database/transactions/sql.js';

/**
 * A join of `g`, the roles that a user has in a workspace through user groups, to the membership `m` of the user, the
 * organization `o` and the workspace `w` (id, role_id). Without a role of their own there, groups give nothing.
 */
export const GROUP_ROLES = `
  left join lateral (
    select t.role_ids, nullif(t.ends_at, 'infinity') as ends_at, array(
      select p from roles s cross join unnest(s.permissions) p
      where s.id = any(t.role_ids) and s.org_id is not null) as custom_permissions
    from (
      select array_agg(role_id) as role_ids, min(ends_at) as ends_at from user_group_roles
      where user_id = m.user_id and workspace_id = w.id and ends_at > now()) t
  ) g on w.role_id is not null and o.can_use_user_groups`;

/** Columns of `current_user_group_grants`: what a group gives in a workspace. */
export const GRANTED =
  'group_id as id, name, workspace_id as "workspaceId", role_id as "roleId", policy_ids as "policyIds"';

/** What a group, in SQL, gives in workspaces: a JSON array of `GrantedGroup`. */
export const grantsOf = (group: string): string =>
  jsonRows(`select ${GRANTED} from current_user_group_grants where group_id = ${group}`);

/** What groups have in a workspace, their children included, also while the organization does not have the feature. */
const LIST_GRANTED_TO_USER = named('user_group_roles_list_granted')`
  select ${GRANTED} from current_user_group_members m join current_user_group_grants g on g.group_id = m.user_group_id
  where m.org_id = $1 and m.user_id = $2`;

export const LIST_EFFECTIVE = named('effective_roles_list')`
  select e.workspace_id as "workspaceId", e.role_id as "roleId", r.permissions as "customPermissions"
  from effective_roles e left join roles r on r.id = e.role_id and r.org_id is not null
  where e.kind = 'user' and e.org_id = $1 and e.subject_id = $2 and e.workspace_id is not null`;

type EffectiveRole = {
  readonly workspaceId: string;
  readonly roleId: string;
  readonly customPermissions: readonly Permission[] | null;
};

/** The roles that users have in workspaces, by their own role and by user groups. */
@Injectable()
export class UserGroupRolesRepository {
  constructor(private readonly sql: Sql) {}

  listEffective(orgId: string, userId: string): Promise<EffectiveRole[]> {
    return this.sql.rows(LIST_EFFECTIVE, [orgId, userId]);
  }

  /** All that the groups of the user would give them as a member of each workspace. */
  listGranted(orgId: string, userId: string): Promise<GrantedGroup[]> {
    return this.sql.rows(LIST_GRANTED_TO_USER, [orgId, userId]);
  }
}
