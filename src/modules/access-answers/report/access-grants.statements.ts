import { named } from '../../../database/transactions/sql.js';
import { IS_HANDED_OVER } from '../member-access/member-access-report.read-model.js';

/*
 * The grants of an organization ($1), one statement for each kind, with the columns of the report that it has. What has
 * ended is left out. Those of members are in the order of an index of memberships by user, so that the first rows come early.
 */

/** Of a membership `h` of either kind, with the tables of `ORIGIN_TABLES`. */
const ORIGIN = `
  h.source, h.created_at, h.access_expires_at,
  e.id as reverts_to_role_id, e.display_name as reverts_to_role_name,
  case when ${IS_HANDED_OVER} then h.role_changed_by_user_id else h.created_by_user_id end as given_by_user_id,
  case when ${IS_HANDED_OVER} then d.email else c.email end as given_by_email,
  case when ${IS_HANDED_OVER} then h.role_changed_by_key_id else h.created_by_key_id end as given_by_credential_id,
  h.role_changed_at, h.role_changed_by_user_id,
  d.email as role_changed_by_email, h.role_changed_by_key_id as role_changed_by_credential_id`;

/** The accounts of who created it and who changed its role, and the role that it reverts to. */
const ORIGIN_TABLES = `
  left join users c on c.id = h.created_by_user_id
  left join users d on d.id = h.role_changed_by_user_id
  left join roles e on e.id = h.reverts_to_role_id`;

/** `m`: the membership of the person in the organization. */
const person = (m: string) => `
  ${m}.user_id, ${m}.user_email as email, ${m}.user_full_name as full_name,
  case when ${m}.is_disabled then 'disabled' else 'active' end as state,
  (select a.last_active_at from member_activity a where a.membership_id = ${m}.id) as last_used_at`;

/** Their e-mail address is known to the organization while they are a member. */
const joinMaker = (userId: string) => `
  left join current_org_memberships maker on maker.org_id = $1 and maker.user_id = ${userId}`;

const ORG_ROLE = 'o.id as organization_role_id, o.display_name as organization_role_name';
const WORKSPACE = 'w.id as workspace_id, w.display_name as workspace_name';
const WORKSPACE_ROLE = 'r.id as workspace_role_id, r.display_name as workspace_role_name';

const ORGANIZATION_MEMBERSHIPS = named('access_report_organization_memberships')`
  select 'organization_membership' as kind, h.id, ${person('h')}, ${ORG_ROLE}, ${ORIGIN}
  from current_org_memberships h join roles o on o.id = h.role_id ${ORIGIN_TABLES}
  where h.org_id = $1
  order by h.user_id`;

const WORKSPACE_MEMBERSHIPS = named('access_report_workspace_memberships')`
  select 'workspace_membership' as kind, h.id, ${person('m')}, ${WORKSPACE}, ${WORKSPACE_ROLE}, ${ORIGIN}
  from current_org_memberships m
  join current_workspace_memberships h on h.org_id = m.org_id and h.user_id = m.user_id
  join workspaces w on w.id = h.workspace_id
  join roles r on r.id = h.role_id ${ORIGIN_TABLES}
  where m.org_id = $1
  order by m.user_id, h.workspace_id`;

const USER_GROUP_MEMBERSHIPS = named('access_report_user_group_memberships')`
  select 'user_group_membership' as kind, ${person('m')}, ${WORKSPACE}, g.id as user_group_id,
    g.name as user_group_name, h.source, h.created_at, h.access_expires_at
  from current_org_memberships m
  join current_user_group_members h on h.org_id = m.org_id and h.user_id = m.user_id
  join current_user_groups g on g.id = h.user_group_id
  left join workspaces w on w.id = g.workspace_id
  where m.org_id = $1
  order by m.user_id, g.id`;

/**
 * In workspaces of which the user is a member, since a group adds no user to a workspace. Of organization admins, too, though they
 * count for nothing beside that role: the report says what was given.
 */
const USER_GROUP_ROLES = named('access_report_user_group_roles')`
  select 'user_group_role' as kind, g.grant_id as id, ${person('m')}, ${WORKSPACE}, ${WORKSPACE_ROLE},
    g.group_id as user_group_id, g.name as user_group_name, h.source, greatest(h.created_at, c.created_at) as created_at,
    nullif(c.updated_at, c.created_at) as role_changed_at, least(h.access_expires_at, g.ends_at) as access_expires_at
  from organizations n
  join current_org_memberships m on m.org_id = n.id
  join current_workspace_memberships v on v.org_id = m.org_id and v.user_id = m.user_id
  join current_user_group_members h on h.org_id = m.org_id and h.user_id = m.user_id
  join current_user_group_grants g on g.group_id = h.user_group_id and g.workspace_id = v.workspace_id
  join user_groups c on c.id = g.grant_id
  join workspaces w on w.id = c.workspace_id
  join roles r on r.id = c.role_id
  where n.id = $1 and n.can_use_user_groups
  order by m.user_id, v.workspace_id, g.group_id`;

const INVITATION = `
  i.id, 'pending' as state, i.email, i.full_name, i.expires_at,
  i.invited_by_user_id as given_by_user_id, maker.user_email as given_by_email`;

const IS_OPEN = `i.org_id = $1 and i.status = 'pending' and (i.expires_at is null or i.expires_at > now())`;

const ORGANIZATION_INVITATIONS = named('access_report_organization_invitations')`
  select 'organization_invitation' as kind, ${INVITATION}, ${ORG_ROLE}, i.created_at, i.access_expires_at
  from invitations i join roles o on o.id = i.org_role_id ${joinMaker('i.invited_by_user_id')}
  where ${IS_OPEN}
  order by i.created_at, i.id`;

const WORKSPACE_INVITATIONS = named('access_report_workspace_invitations')`
  select 'workspace_invitation' as kind, ${INVITATION}, ${WORKSPACE}, ${WORKSPACE_ROLE}, p.created_at,
    p.access_expires_at
  from invitations i
  join invitation_workspaces p on p.invitation_id = i.id
  join workspaces w on w.id = p.workspace_id
  join roles r on r.id = p.role_id ${joinMaker('i.invited_by_user_id')}
  where ${IS_OPEN} and (p.access_expires_at is null or p.access_expires_at > now())
  order by i.created_at, i.id, w.id`;

/** Of an API key or SCIM token `k`. */
const CREDENTIAL = `
  k.id, k.description, k.created_at, k.created_by_user_id as given_by_user_id,
  maker.user_email as given_by_email,
  case when k.created_with_kind <> 'session' then k.created_with_id end as given_by_credential_id,
  k.expires_at`;

const IS_UNEXPIRED = '(k.expires_at is null or k.expires_at > now())';

const PERSONAL_ACCESS_TOKENS = named('access_report_personal_access_tokens')`
  select 'personal_access_token' as kind, ${CREDENTIAL}, k.short_key, k.last_used_at,
    m.user_id, m.user_email as email, m.user_full_name as full_name,
    case when k.revoked_at is not null then 'revoked' when m.is_disabled then 'disabled' else 'active' end as state
  from api_keys k
  join current_org_memberships m on m.org_id = k.org_id and m.user_id = k.user_id ${joinMaker('k.created_by_user_id')}
  where k.org_id = $1 and k.kind = 'pat' and ${IS_UNEXPIRED}
  order by k.created_at, k.id`;

const APPLICATIONS = named('access_report_applications')`
  select 'application' as kind, k.id, k.client_name as description, k.client_id as short_key, k.created_at,
    k.user_id as given_by_user_id, m.user_email as given_by_email, k.expires_at, k.last_used_at,
    m.user_id, m.user_email as email, m.user_full_name as full_name,
    case when m.is_disabled then 'disabled' else 'active' end as state
  from oauth_grants k join current_org_memberships m on m.org_id = k.org_id and m.user_id = k.user_id
  where k.org_id = $1 and ${IS_UNEXPIRED}
  order by k.created_at, k.id`;

/** A row for each of its workspaces, or one for a key of the whole organization. */
const SERVICE_KEYS = named('access_report_service_keys')`
  select 'service_key' as kind, ${CREDENTIAL}, 'active' as state, k.short_key,
    k.last_used_at, ${ORG_ROLE}, ${WORKSPACE}, ${WORKSPACE_ROLE}
  from api_keys k
  left join api_key_workspaces p on p.api_key_id = k.id and not k.is_org_wide
  left join workspaces w on w.id = p.workspace_id
  left join roles o on o.id = k.org_role_id
  join roles r on r.id = k.workspace_role_id ${joinMaker('k.created_by_user_id')}
  where k.org_id = $1 and k.kind = 'service' and k.revoked_at is null and ${IS_UNEXPIRED}
    and (k.is_org_wide or w.id is not null)
  order by k.created_at, k.id, w.id`;

const SCIM_TOKENS = named('access_report_scim_tokens')`
  select 'scim_token' as kind, ${CREDENTIAL}, 'active' as state, k.short_token as short_key,
    k.last_used_at
  from scim_tokens k ${joinMaker('k.created_by_user_id')}
  where k.org_id = $1 and ${IS_UNEXPIRED}
  order by k.created_at, k.id`;

export const GRANTS = [
  ORGANIZATION_MEMBERSHIPS,
  WORKSPACE_MEMBERSHIPS,
  USER_GROUP_MEMBERSHIPS,
  USER_GROUP_ROLES,
  ORGANIZATION_INVITATIONS,
  WORKSPACE_INVITATIONS,
  PERSONAL_ACCESS_TOKENS,
  APPLICATIONS,
  SERVICE_KEYS,
  SCIM_TOKENS,
] as const;
