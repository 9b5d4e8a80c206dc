import { Injectable } from '@nestjs/common';
import { unique } from '../../common/collections.js';
import { named, Sql, type Statement } from '../../database/transactions/sql.js';
import { ORG_ADMIN_ID, RANK, SYSTEM_ROLES_OF_RANK, systemRole } from '../roles/index.js';
import type { LastingRights } from './outliving-rights.js';
import { jsonRows } from '../../database/statements/json-rows.js';

const OPERATOR_ID = systemRole('ORGANIZATION_OPERATOR').id;

/** Policies of the organization, and the roles that have rank by themselves or by a policy that allows it. */
const RANKING = `
  policies as (
    select p.id, p.effect, g ->> 'permission' as permission, md5(concat(p.id, jsonb_agg(g order by g))) as name
    from access_policies p cross join jsonb_array_elements(p.condition_groups) g
    where p.org_id = $1 group by p.id, permission),
  ranking_policies as (select id from policies where permission = any($3::text[])),
  ranking_roles as (
    select unnest($4::uuid[]) as id
    union select r.id from roles r where r.org_id = $1 and r.permissions && $3::text[]
    union select a.role_id from access_policy_roles a where a.access_policy_id in (select id from ranking_policies)),
  own_addresses as (
    select email from users where id = $2::uuid
    union select unnest(emails) from scim_users where org_id = $1 and user_id = $2::uuid)`;

/** What each group, or its part in a workspace, gives there: the members of both have it. */
const GROUPS = `
  grants as (
    select g.group_id, c.name, g.workspace_id, g.role_id, g.ends_at, g.policy_ids
    from current_user_group_grants g join user_groups c on c.id = g.grant_id where g.org_id = $1),
  ranked_grants as (
    select *, role_id in (select id from ranking_roles) or policy_ids && array(select id from ranking_policies)
      as has_rank
    from grants),
  scim_grants as (
    select g.id as group_id, g.display_name, null::uuid as workspace_id,
      case when g.kind = 'admin' then '${ORG_ADMIN_ID}'::uuid else '${OPERATOR_ID}'::uuid end as role_id
    from scim_groups g where g.org_id = $1 and (g.kind = 'admin' or g.org_role = 'ORGANIZATION_OPERATOR')
    union all
    select g.id, g.display_name, g.workspace_id, g.role_id
    from scim_groups g where g.org_id = $1 and g.workspace_id is not null and g.role_id in (select id from ranking_roles))`;

const CONCERNS = `r.role_id is not null and (r.role_id in (select id from ranking_roles) or m.user_id = $2::uuid)`;

/**
 * Who has rank, and all that the user has: active or not, accepted or not, a member of the workspace or not. What a group gives counts once
 * more in effect, since a membership in the workspace switches it on. A key passes on what it has until its rights end, even if it expires before.
 */
const HELD = `
  held (kind, id, name, source, workspace_id, role_id, policy_ids, ends_at) as (
    select 'user' as kind, m.user_id::text as id, m.user_email as name, 'organization' as source, null::uuid as workspace_id, r.role_id,
      '{}'::uuid[], r.ends_at
    from current_org_memberships m
    cross join lateral (values (m.role_id, m.access_expires_at), (m.reverts_to_role_id, null)) r (role_id, ends_at)
    where m.org_id = $1 and ${CONCERNS}
    union all
    select 'user', m.user_id::text, m.user_email, 'workspace', m.workspace_id, r.role_id, '{}', least(r.ends_at, m.org_access_ends_at)
    from current_workspace_memberships m
    cross join lateral (values (m.role_id, m.access_expires_at), (m.reverts_to_role_id, null)) r (role_id, ends_at)
    where m.org_id = $1 and ${CONCERNS}
    union all
    select 'user', m.user_id::text, u.email, e.source || m.user_group_id, g.workspace_id, g.role_id, g.policy_ids,
      least(m.access_expires_at, m.org_access_ends_at, g.ends_at, e.ends_at)
    from ranked_grants g join current_user_group_members m on m.user_group_id = g.group_id
    join users u on u.id = m.user_id
    cross join lateral (
      select 'group ' as source, null::timestamptz as ends_at
      union all
      select 'group in effect ', case when w.reverts_to_role_id is null then w.access_expires_at end
      from current_workspace_memberships w where w.user_id = m.user_id and w.workspace_id = g.workspace_id) e
    where m.org_id = $1 and (g.has_rank or m.user_id = $2::uuid)
    union all
    select 'service account', s.id::text, s.name, 'group ' || m.user_group_id, g.workspace_id, g.role_id, g.policy_ids, g.ends_at
    from ranked_grants g join user_group_service_accounts m on m.user_group_id = g.group_id
    join service_accounts s on s.id = m.service_account_id
    where m.org_id = $1 and g.has_rank
    union all
    select 'user group', group_id::text, name, 'group', workspace_id, role_id, policy_ids, ends_at
    from ranked_grants where has_rank
    union all
    select 'user group', g.group_id::text, u.name, 'members of ' || u.idp_group_name, g.workspace_id, g.role_id, g.policy_ids, g.ends_at
    from ranked_grants g join user_groups u on u.id = g.group_id and u.idp_sync_enabled where g.has_rank
    union all
    select 'service account', s.id::text, s.name, 'workspace', m.workspace_id, m.role_id, '{}', null
    from service_account_workspaces m join service_accounts s on s.id = m.service_account_id
    where m.org_id = $1 and m.role_id in (select id from ranking_roles)
    union all
    select 'invitation', i.email, i.email, 'offer', o.workspace_id, o.role_id, '{}', least(o.ends_at, i.access_expires_at)
    from invitations i cross join lateral (
      select null::uuid as workspace_id, i.org_role_id as role_id, i.access_expires_at as ends_at
      union all
      select w.workspace_id, w.role_id, w.access_expires_at from invitation_workspaces w where w.invitation_id = i.id) o
    where i.org_id = $1 and i.status = 'pending'
      and (o.role_id in (select id from ranking_roles) or i.email in (select email from own_addresses))
    union all
    select 'service key', k.id::text, k.short_key, 'organization', null, k.org_role_id, '{}', k.rights_end_at
    from api_keys k where k.org_id = $1 and k.kind = 'service' and k.org_role_id in (select id from ranking_roles)
    union all
    select 'service key', k.id::text, k.short_key, 'workspace', w.workspace_id, k.workspace_role_id, '{}', k.rights_end_at
    from api_keys k left join api_key_workspaces w on w.api_key_id = k.id
    where k.org_id = $1 and k.kind = 'service' and k.workspace_role_id in (select id from ranking_roles)
    union all
    select 'SCIM token', t.id::text, t.short_token, 'organization', null,
      case when t.makes_admins then '${ORG_ADMIN_ID}'::uuid else '${OPERATOR_ID}'::uuid end, '{}', t.rights_end_at
    from scim_tokens t where t.org_id = $1
    union all
    select 'sign-in', s.org_id::text, 'whoever joins by single sign-on', 'default', w.workspace_id,
      s.default_workspace_role_id, '{}', null
    from sso_settings s join sso_default_workspaces w on w.settings_id = s.id
    where s.org_id = $1 and s.default_workspace_role_id in (select id from ranking_roles)
    union all
    select 'SCIM group', group_id::text, display_name, 'group', workspace_id, role_id, '{}', null from scim_grants
    union all
    select 'user', u.user_id::text, u.user_name, 'SCIM group ' || g.group_id, g.workspace_id, g.role_id, '{}', null
    from scim_grants g join scim_group_members m on m.group_id = g.group_id join scim_users u on u.id = m.scim_user_id)`;

/** By what the holders of rank sign in, as one value each; invited people by their address. */
const ACCOUNTS = `
  accounts as (
    select h.kind, h.id, md5(concat_ws(' ', u.email, p.digest,
      (select string_agg(concat_ws(' ', l.issuer, l.subject), ' ' order by l.id) from login_methods l where l.user_id = u.id),
      (select string_agg(k.id::text, ' ' order by k.id) from password_links k
        where k.user_id = u.id or k.email = h.name and h.kind = 'invitation'),
      (select concat_ws(' ', s.user_name, s.external_id, s.emails) from scim_users s where s.org_id = $1 and s.user_id = u.id))) as state
    from (select distinct kind, id, name from held where kind in ('user', 'invitation')) h
    left join users u on h.kind = 'user' and u.id::text = h.id or h.kind = 'invitation' and u.email = h.name
    left join passwords p on p.user_id = u.id)`;

const SETTINGS = `
  settings as (
    select 'scim_roles_enabled' as name, o.scim_roles_enabled as gives
    from organizations o where o.id = $1
    union all
    select concat('scim_group_name_separator ', o.scim_group_name_separator), true from organizations o where o.id = $1
    union all
    select concat('sso_groups_claim_field ', s.sso_groups_claim_field), s.sso_groups_enabled
    from sso_settings s where s.org_id = $1
    union all
    select 'sso_groups_role_sync_enabled', s.sso_groups_enabled and s.sso_groups_role_sync_enabled
    from sso_settings s where s.org_id = $1)`;

/** $1 organization, $2 a user, of whom all counts, or null, $3 permissions that are rank, $4 the system roles that have them. */
const LASTING_RIGHTS: Statement = named('lasting_rights')`
  with ${RANKING}, ${GROUPS}, ${HELD}, ${ACCOUNTS}, ${SETTINGS}
  select
    ${jsonRows(`select kind, id, name, source, workspace_id as "workspaceId", role_id as "roleId", policy_ids as "policyIds",
      floor(extract(epoch from ends_at) * 1000) as "endsAt",
      kind = 'user' and id = ($2::uuid)::text or kind = 'invitation' and id in (select email from own_addresses) as "isOwn" from held`)}
      as held,
    ${jsonRows('select kind, id, state from accounts')} as accounts,
    ${jsonRows('select name from settings where gives')} as settings,
    ${jsonRows(`select r.id, case when r.org_id is not null then r.permissions end as permissions,
      array(select a.access_policy_id from access_policy_roles a
        where a.role_id = r.id and a.access_policy_id in (select id from policies)) as "policyIds"
      from roles r where r.id in (select role_id from held)`)} as roles,
    ${jsonRows('select id, effect, permission, name from policies')} as policies`;

const MEMBERSHIPS = `
  select id, user_email as name, access_expires_at from current_org_memberships where org_id = $1
  union all
  select id, user_email, access_expires_at from current_workspace_memberships where org_id = $1`;

/** The memberships that have an end. $1 organization. */
const LIMITED: Statement = named('lasting_rights_limited')`
  select id from (${MEMBERSHIPS}) m where access_expires_at is not null`;

/** The holders of those that are permanent. $1 organization, $2 memberships. */
const MADE_PERMANENT: Statement = named('lasting_rights_made_permanent')`
  select name from (${MEMBERSHIPS}) m where id = any($2) and access_expires_at is null`;

@Injectable()
export class HeldRights {
  constructor(private readonly sql: Sql) {}

  /** `ownUserId`: the user of whom everything counts. */
  load(orgId: string, ownUserId: string | null): Promise<LastingRights> {
    return this.sql.one<LastingRights>(LASTING_RIGHTS, [orgId, ownUserId, RANK, SYSTEM_ROLES_OF_RANK]);
  }

  /** Ids of the memberships that have an end, in the organization and in workspaces. */
  async listLimited(orgId: string): Promise<string[]> {
    return (await this.sql.rows<{ id: string }>(LIMITED, [orgId])).map(({ id }) => id);
  }

  /** The addresses of the members whose membership is permanent now. */
  async listMadePermanent(orgId: string, membershipIds: readonly string[]): Promise<string[]> {
    if (membershipIds.length === 0) return [];
    const rows = await this.sql.rows<{ name: string }>(MADE_PERMANENT, [orgId, membershipIds]);
    return unique(rows.map(({ name }) => name));
  }
}
