import { named } from '../../../../database/transactions/sql.js';
import { OLDEST_WORKSPACE } from '../../../workspaces/index.js';

/** A token and the tokens that were created with it, directly or not. $1: organization, $2: token. */
const FAMILY = `
  with recursive family as (
    select id, revoked_at from api_keys where org_id = $1 and id = $2
    union all
    select c.id, c.revoked_at from api_keys c join family f on c.parent_key_id = f.id)`;

/** As `FAMILY`, of several tokens; `root` is the one of these to which a row belongs. $2: tokens. */
const FAMILIES = `
  with recursive family as (
    select id as root, id from api_keys where org_id = $1 and id = any($2) and kind = 'pat'
    union all
    select f.root, c.id from api_keys c join family f on c.parent_key_id = f.id)`;

export const VALID_IN_FAMILIES = named('api_keys_valid_in_families')`${FAMILIES}
  select f.root, k.id from family f join api_keys k on k.id = f.id
  where k.revoked_at is null and (k.expires_at is null or k.expires_at > now())`;

export const REVOKE_FAMILIES = named('api_keys_revoke_families')`${FAMILIES}, revoked as (
    update api_keys k set revoked_at = statement_timestamp()
    where k.id in (select id from family) and k.revoked_at is null
    returning k.id)
  select f.root, f.id from family f join revoked r on r.id = f.id`;

/** A token and those with which it was created, directly or not. $1: organization, $2: token. */
export const ANCESTRY = named('api_keys_ancestry')`
  with recursive ancestry as (
    select id, parent_key_id from api_keys where org_id = $1 and id = $2
    union all
    select p.id, p.parent_key_id from api_keys p join ancestry a on a.parent_key_id = p.id)
  select id from ancestry`;

export const FAMILY_IDS = { name: 'api_keys_family', text: `${FAMILY} select id from family` };

/** Tokens of the family that were revoked with the token, at the same time. Their previous secrets stay ended. */
export const REINSTATE_FAMILY = named('api_keys_reinstate_family')`${FAMILY}
  update api_keys k set revoked_at = null, previous_digest = null, previous_ends_at = null from family f, api_keys t
  where k.id = f.id and t.id = $2 and k.revoked_at = t.revoked_at
  returning k.id`;

/** In all organizations. $1: user. */
export const REVOKE_OF_USER = named('api_keys_revoke_of_user')`
  update api_keys set revoked_at = statement_timestamp() where user_id = $1 and kind = 'pat' and revoked_at is null
  returning id, org_id as "orgId"`;

/** Of the user, or with the key, and with all of these, and so on; newest first. $1: organization. */
export const CREATED_BY = named('api_keys_created_by')`
  with recursive created as (
    select id from api_keys
    where org_id = $1 and (created_by_user_id = $2::uuid or user_id = $2 or maker_key_id = $3::uuid)
    union
    select k.id from api_keys k join created c on k.maker_key_id = c.id where k.org_id = $1)
  select k.id, k.kind, k.short_key as "shortKey", k.description, k.user_id as "userId", k.is_org_wide as "isOrgWide",
    k.workspace_role_id as "workspaceRoleId", k.created_by_user_id as "createdByUserId",
    k.created_with_id as "createdWithId",
    array(select workspace_id from api_key_workspaces w where w.api_key_id = k.id) as "workspaceIds"
  from api_keys k join created c on c.id = k.id
  order by k.created_at desc, k.id desc`;

export const REVOKE_TOKENS = named('api_keys_revoke_tokens')`
  update api_keys set revoked_at = statement_timestamp()
  where org_id = $1 and id = any($2) and kind = 'pat' and revoked_at is null
  returning id, user_id as "userId"`;

/** A token keeps how its owner had signed in to the session, or for the token, with which it is created. */
export const KEEP_SIGN_IN = named('api_keys_keep_sign_in')`
  update api_keys k set (sign_in_method, acr, amr, authenticated_at) = (
    select s.method, s.acr, s.amr, s.authenticated_at from sessions s where s.id = k.created_with_id
    union all
    select p.sign_in_method, p.acr, p.amr, p.authenticated_at from api_keys p where p.id = k.created_with_id)
  where k.id = $1`;

/**
 * What a rotation sets beside the short form of the secret, of keys and of SCIM tokens: the secret before the current one stays valid for
 * the overlap; what was before that one ends. $3: digest, $5: hours of the overlap, $6: when the rights end of who learns the secret, or null.
 */
export const SET_SECRET = `
  digest = $3, rights_end_at = least(rights_end_at, $6),
  previous_digest = case when $5::int > 0 then digest end,
  previous_ends_at = case when $5::int > 0 then least(expires_at, clock_timestamp() + make_interval(hours => $5::int)) end`;

/** By the clock, not by the start of the transaction, which may have waited for a lock. */
export const IS_UNEXPIRED = '(expires_at is null or expires_at > clock_timestamp())';

/** $1: organization, $2: key, $4: short form; and those of `SET_SECRET`. */
export const ROTATE = named('api_keys_rotate')`
  update api_keys set short_key = $4, ${SET_SECRET}
  where org_id = $1 and id = $2 and revoked_at is null and ${IS_UNEXPIRED}
  returning short_key as "shortKey", previous_ends_at as "previousEndsAt"`;

/** $1: organization, $2: key. */
export const HOLD_VALID = named('api_keys_hold_valid')`
  select expires_at as "expiresAt", created_by_user_id as "createdByUserId" from api_keys
  where org_id = $1 and id = $2 and revoked_at is null and ${IS_UNEXPIRED} for share`;

/** The workspaces of tokens without a default workspace. $1: organization, $2: owners. */
export const FIRST_WORKSPACES = named('api_keys_first_workspaces')`
  select c.user_id as id, v.display_name as name from unnest($2::uuid[]) as c (user_id)
  join current_org_memberships m on m.org_id = $1 and m.user_id = c.user_id
  cross join lateral (${OLDEST_WORKSPACE}) w
  join workspaces v on v.id = w.id`;

/** Members who have a role in one of the workspaces; groups give none to others. $1: organization, $2: users, $3: workspaces. */
export const REACHING = named('api_keys_owners_reaching_workspaces')`
  select distinct subject_id as id from effective_roles
  where kind = 'user' and org_id = $1 and subject_id = any($2) and workspace_id = any($3) and through <> 'user_group_role'`;

/** In the order given; of older keys, oldest first. $1: keys. */
export const SCOPES = named('api_keys_scopes')`
  select s.api_key_id as "keyId", s.workspace_id as "workspaceId"
  from api_key_workspaces s join workspaces w on w.id = s.workspace_id
  where s.api_key_id = any($1) order by s.position, w.created_at, w.id`;
