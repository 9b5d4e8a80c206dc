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

export const VALID_IN_FAMILIES = {
  name: 'api_keys_valid_in_families',
  text: `${FAMILIES}
    select f.root, k.id from family f join api_keys k on k.id = f.id
    where k.revoked_at is null and (k.expires_at is null or k.expires_at > now())`,
};

export const REVOKE_FAMILIES = {
  name: 'api_keys_revoke_families',
  text: `${FAMILIES}, revoked as (
      update api_keys k set revoked_at = statement_timestamp()
      where k.id in (select id from family) and k.revoked_at is null
      returning k.id)
    select f.root, f.id from family f join revoked r on r.id = f.id`,
};

/** A token and those with which it was created, directly or not. $1: organization, $2: token. */
export const ANCESTRY = {
  name: 'api_keys_ancestry',
  text: `
    with recursive ancestry as (
      select id, parent_key_id from api_keys where org_id = $1 and id = $2
      union all
      select p.id, p.parent_key_id from api_keys p join ancestry a on a.parent_key_id = p.id)
    select id from ancestry`,
};

export const FAMILY_IDS = { name: 'api_keys_family', text: `${FAMILY} select id from family` };

/** Tokens of the family that were revoked with the token, at the same time. Their previous secrets stay ended. */
export const REINSTATE_FAMILY = {
  name: 'api_keys_reinstate_family',
  text: `${FAMILY}
    update api_keys k set revoked_at = null, previous_digest = null, previous_ends_at = null from family f, api_keys t
    where k.id = f.id and t.id = $2 and k.revoked_at = t.revoked_at
    returning k.id`,
};

/** In all organizations. $1: user. */
export const REVOKE_OF_USER = {
  name: 'api_keys_revoke_of_user',
  text: `
    update api_keys set revoked_at = statement_timestamp() where user_id = $1 and kind = 'pat' and revoked_at is null
    returning id, org_id as "orgId"`,
};
