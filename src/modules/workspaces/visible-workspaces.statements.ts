import type { CallerSql } from '../../common/access/caller-read.js';
import { entityColumns } from '../../database/statements/entity-columns.js';
import { named, type Statement } from '../../database/transactions/sql.js';
import { ORG_ADMIN_ID, systemRole } from '../roles/index.js';
import { endOfSignIn, signInOf } from '../sessions/index.js';
import { HIDDEN, Workspace } from './entities.js';

const COLUMNS = entityColumns(Workspace, { of: 'w', without: HIDDEN });

/** Existing workspaces, and deleted ones, as two parts of a union. `role`: the id of the caller's role, and its end. */
const live = (role: string, end = 'null::timestamptz') =>
  `select ${COLUMNS}, false as "isDeleted", ${role} as role_id, ${end} as ends_at from workspaces w`;
/** What a tombstone does not say is null. */
const DELETED = `select ${COLUMNS}, true, null, null
  from deleted_workspaces d cross join lateral jsonb_populate_record(null::workspaces, to_jsonb(d)) w`;

const ofRole = (column: string, id: string) => `(select ${column} from roles r where r.id = ${id})`;

/** What differs between users and keys: SQL of columns, beside the workspaces `v` of the organization `o`. */
type Columns = Record<'roleId' | 'orgRoleId' | 'groupPermissions' | 'signIn' | 'more', string>;

/**
 * Ends with a condition. `v` are the workspaces. Names and permissions of roles are subqueries, which PostgreSQL evaluates
 * after sorting: the rows to sort stay small.
 */
const visible = (from: string, workspaces: string, columns: Columns, condition: string) => `
  select v.*, o.is_personal as "isPersonal",
    ${columns.roleId} as "roleId", ${ofRole('r.display_name', columns.roleId)} as "roleName",
    ${ofRole('case when r.org_id is not null then r.permissions end', columns.roleId)} as "customPermissions",
    ${columns.groupPermissions} as "groupPermissions", ${columns.orgRoleId} as "orgRoleId", ${columns.signIn} as "signIn",
    o.is_disabled as "orgIsDisabled", o.sso_only as "orgIsSsoOnly", o.ip_allowlist as "orgIpAllowlist",
    o.invites_enabled as "invitesEnabled", o.workspace_admin_can_invite_to_org as "workspaceAdminCanInviteToOrg" ${columns.more}
  ${from} cross join lateral (${workspaces}) v
  where ${condition}`;

/** By organization: existing workspaces, then deleted ones, each oldest first. */
const IN_ORDER = 'order by o.created_at, o.id, v."isDeleted", v."createdAt", v.id';

/** What members of the workspace hold through user groups, if there are any (docs/contract/user-groups.md). */
const GROUP_PERMISSIONS = `(
  select array_agg(distinct p) from user_group_roles t join roles r on r.id = t.role_id cross join unnest(r.permissions) p
  where t.user_id = m.user_id and t.workspace_id = v.id and t.ends_at > now() and v.role_id is not null and o.can_use_user_groups)`;

/** When one of the roles by which a user sees a workspace ends, or their sign-in becomes too old to act there. */
const END = `least(m.access_expires_at, v.ends_at, ${endOfSignIn('s')}, (
  select nullif(min(t.ends_at), 'infinity') from user_group_roles t
  where t.user_id = m.user_id and t.workspace_id = v.id and t.ends_at > now()))`;

/** SQL of what the caller and the request say, and of columns that only one statement has. */
type Names<Of extends string> = Record<'org' | 'deleted' | 'more' | Of, string>;

/**
 * Of the user in all their organizations, or in `org`. Organization admins see all workspaces, as Workspace Admin, and
 * deleted ones if `deleted`; others see their own. `session`: that of the request, if it has one.
 */
const visibleToUser = ({ user, org, deleted, session, more }: Names<'user' | 'session'>) =>
  visible(
    `from current_org_memberships m join organizations o on o.id = m.org_id left join sessions s on s.id = ${session}::uuid`,
    `${live('null::uuid')} where w.org_id = m.org_id and m.role_id = '${ORG_ADMIN_ID}'
    union all
    ${live('p.role_id', 'p.access_expires_at')} join current_workspace_memberships p on p.workspace_id = w.id
      where p.org_id = m.org_id and p.user_id = m.user_id and m.role_id <> '${ORG_ADMIN_ID}'
    union all
    ${DELETED} where ${deleted} and d.org_id = m.org_id and m.role_id = '${ORG_ADMIN_ID}'`,
    {
      roleId: `coalesce(v.role_id, '${systemRole('WORKSPACE_ADMIN').id}'::uuid)`,
      orgRoleId: 'm.role_id',
      groupPermissions: GROUP_PERMISSIONS,
      signIn: signInOf('s'),
      more,
    },
    `m.user_id = ${user} and not m.is_disabled and (${org}::uuid is null or m.org_id = ${org})`,
  );

/** Of a key of the organization with these roles: the workspaces `ids`, or all, with deleted ones if `deleted`. */
const visibleToKey = ({ org, role, ids, deleted, orgRole, more }: Names<'role' | 'ids' | 'orgRole'>) =>
  visible(
    'from organizations o',
    `${live('null::uuid')} where w.org_id = o.id and (${ids}::uuid[] is null or w.id = any(${ids}))
    union all
    ${DELETED} where ${deleted} and ${ids} is null and d.org_id = o.id`,
    {
      roleId: `${role}::uuid`,
      orgRoleId: `${orgRole}::uuid`,
      groupPermissions: 'null::text[]',
      signIn: 'null',
      more,
    },
    `o.id = ${org}`,
  );

const TO_USER = visibleToUser({ user: '$1', org: '$2', deleted: '$3', session: '$4', more: '' });
const TO_KEY = visibleToKey({ org: '$1', role: '$2', ids: '$3', deleted: '$4', orgRole: '$5', more: '' });
export const VISIBLE_TO_USER: Statement = named('visible_workspaces_of_user')`${TO_USER} ${IN_ORDER}`;
export const VISIBLE_TO_KEY: Statement = { name: 'visible_workspaces_of_key', text: `${TO_KEY} ${IN_ORDER}` };
/** The workspace `$5`. */
export const ONE_VISIBLE_TO_USER: Statement = named('visible_workspace_of_user')`${TO_USER} and v.id = $5`;
/** The workspace `$6`. */
export const ONE_VISIBLE_TO_KEY: Statement = named('visible_workspace_of_key')`${TO_KEY} and v.id = $6`;

/** Rows and characters, since the list is cached with each caller. */
const [MAX_LOADED, MAX_LOADED_LENGTH] = [20, 15_000];

/** JSON for a `CallerRead`: the list without deleted workspaces, or null if it is long. */
export function visibleToCaller({ kind, orgId, keyWorkspaceIds: ids }: CallerSql): string {
  const isKey = kind === 'service-key';
  const more = `, o.created_at as "orgCreatedAt", ${isKey ? 'null::timestamptz' : END} as "endsAt"`;
  const names = { org: orgId, deleted: 'false', more };
  const list = isKey
    ? visibleToKey({ ...names, role: 'c.workspace_role_id', ids, orgRole: 'c.org_role_id' })
    : visibleToUser({ ...names, user: 'c.user_id', session: kind === 'session' ? 'c.id' : 'null' });
  const inAllOrgs = `array(
    select org_id from current_org_memberships where user_id = c.user_id limit ${MAX_LOADED + 1})`;
  return `(
    select json_build_object('value', l.rows, 'orgIds', g.ids, 'endsAt', extract(epoch from l.ends_at))
    from (
      select count(*) as number, min(v."endsAt") filter (where v."endsAt" > now()) as ends_at,
        coalesce(json_agg(v order by v."orgCreatedAt", v."orgId", v."createdAt", v.id), '[]') as rows
      from (${list} limit ${MAX_LOADED + 1}) v) l
    cross join (select ${orgId === 'null' ? inAllOrgs : 'array[]::uuid[]'} as ids) g
    where l.number <= ${MAX_LOADED} and cardinality(g.ids) <= ${MAX_LOADED} and length(l.rows::text) <= ${MAX_LOADED_LENGTH})`;
}

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
