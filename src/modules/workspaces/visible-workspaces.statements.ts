import type { Statement } from '../../database/transactions/sql.js';
import { ORG_ADMIN_ID, systemRole } from '../roles/index.js';
import { endOfSignIn, signInOf } from '../sessions/index.js';

/** Existing workspaces, and deleted ones, as two parts of a union. `role`: the id of the caller's role, and its end. */
const live = (role: string, end = 'null::timestamptz') => `
  select w.id, w.display_name, w.tenant_handle, w.created_at, false as is_deleted, w.requestable, ${role} as role_id, ${end} as ends_at
  from workspaces w`;
const DELETED =
  'select d.id, d.display_name, d.tenant_handle, d.created_at, true, false, null, null from deleted_workspaces d';

const ofRole = (column: string, id: string) => `(select ${column} from roles r where r.id = ${id})`;

/**
 * By organization: existing workspaces, then deleted ones, each oldest first. `v` are the workspaces. Names and
 * permissions of roles are subqueries, which PostgreSQL evaluates after sorting: the rows to sort stay small.
 */
const visible = (
  from: string,
  workspaces: string,
  {
    roleId,
    orgRoleId,
    groupPermissions,
    end,
    signIn,
  }: Record<'roleId' | 'orgRoleId' | 'groupPermissions' | 'end' | 'signIn', string>,
  condition: string,
) => `
  select v.id, o.id as "orgId", v.display_name as "displayName", v.tenant_handle as "tenantHandle",
    v.created_at as "createdAt", v.is_deleted as "isDeleted", v.requestable, o.is_personal as "isPersonal",
    ${roleId} as "roleId", ${ofRole('r.display_name', roleId)} as "roleName",
    ${ofRole('case when r.org_id is not null then r.permissions end', roleId)} as "customPermissions", ${groupPermissions} as "groupPermissions",
    ${end} as "endsAt", ${orgRoleId} as "orgRoleId", o.is_disabled as "orgIsDisabled", o.sso_only as "orgIsSsoOnly", o.ip_allowlist as "orgIpAllowlist",
    ${signIn} as "signIn",
    o.invites_enabled as "invitesEnabled", o.workspace_admin_can_invite_to_org as "workspaceAdminCanInviteToOrg"
  ${from} cross join lateral (${workspaces}) v
  where ${condition}
  order by o.created_at, o.id, v.is_deleted, v.created_at, v.id`;

/** What members of the workspace hold through user groups, if there are any (docs/contract/user-groups.md). */
const GROUP_PERMISSIONS = `(
  select array_agg(distinct p) from user_group_roles t join roles r on r.id = t.role_id cross join unnest(r.permissions) p
  where t.user_id = m.user_id and t.workspace_id = v.id and t.ends_at > now() and v.role_id is not null and o.can_use_user_groups)`;

const END_OF_GROUP_ROLES = `(
  select nullif(min(t.ends_at), 'infinity') from user_group_roles t
  where t.user_id = m.user_id and t.workspace_id = v.id and t.ends_at > now())`;

/**
 * Of the user `$1` in all their organizations, or in `$2`. Organization admins see all workspaces, as Workspace Admin,
 * and deleted ones if `$3`; others see their own. `$4`: the session of the request, if it has one.
 */
const visibleToUser = (condition = '') =>
  visible(
    'from current_org_memberships m join organizations o on o.id = m.org_id left join sessions s on s.id = $4::uuid',
    `${live('null::uuid')} where w.org_id = m.org_id and m.role_id = '${ORG_ADMIN_ID}'
    union all
    ${live('p.role_id', 'p.access_expires_at')} join current_workspace_memberships p on p.workspace_id = w.id
      where p.org_id = m.org_id and p.user_id = m.user_id and m.role_id <> '${ORG_ADMIN_ID}'
    union all
    ${DELETED} where $3 and d.org_id = m.org_id and m.role_id = '${ORG_ADMIN_ID}'`,
    {
      roleId: `coalesce(v.role_id, '${systemRole('WORKSPACE_ADMIN').id}'::uuid)`,
      orgRoleId: 'm.role_id',
      groupPermissions: GROUP_PERMISSIONS,
      end: `extract(epoch from least(m.access_expires_at, v.ends_at, ${END_OF_GROUP_ROLES}, ${endOfSignIn('s')}))::float8`,
      signIn: signInOf('s'),
    },
    `m.user_id = $1 and not m.is_disabled and ($2::uuid is null or m.org_id = $2) ${condition}`,
  );

export const VISIBLE_TO_USER: Statement = { name: 'visible_workspaces_of_user', text: visibleToUser() };
/** The workspace `$5`. */
export const ONE_VISIBLE_TO_USER: Statement = {
  name: 'visible_workspace_of_user',
  text: visibleToUser('and v.id = $5'),
};

/**
 * Of a key of the organization `$1` with the role `$2` and the organization role `$5`: the workspaces `$3`, or all, with
 * deleted ones if `$4`.
 */
const visibleToKey = (condition = '') =>
  visible(
    'from organizations o',
    `${live('null::uuid')} where w.org_id = o.id and ($3::uuid[] is null or w.id = any($3))
    union all
    ${DELETED} where $4 and $3 is null and d.org_id = o.id`,
    {
      roleId: '$2::uuid',
      orgRoleId: '$5::uuid',
      groupPermissions: 'null::text[]',
      end: 'null::float8',
      signIn: 'null',
    },
    `o.id = $1 ${condition}`,
  );

export const VISIBLE_TO_KEY: Statement = { name: 'visible_workspaces_of_key', text: visibleToKey() };
/** The workspace `$6`. */
export const ONE_VISIBLE_TO_KEY: Statement = {
  name: 'visible_workspace_of_key',
  text: visibleToKey('and v.id = $6'),
};

/**
 * A subquery: the oldest workspace that a user may see, of all for an organization admin, of their own for others. The
 * statement around it has `m`, the user's membership in the organization, and `c` with their `user_id`.
 */
export const OLDEST_WORKSPACE = `
  (select v.id, null::uuid as role_id, null::timestamptz as ends_at, 1 as rank from workspaces v
    where v.org_id = m.org_id and m.role_id = '${ORG_ADMIN_ID}' order by v.created_at, v.id limit 1)
  union all
  (select v.id, p.role_id, p.access_expires_at, 1 from current_workspace_memberships p join workspaces v on v.id = p.workspace_id
    where p.org_id = m.org_id and p.user_id = c.user_id and m.role_id <> '${ORG_ADMIN_ID}'
    order by v.created_at, v.id limit 1)`;
