import type { Statement } from '../../../database/sql.js';

/** Of the user `u`, one that is not disabled first; reads tables of other modules. */
export const OLDEST_MEMBERSHIP = `
  left join lateral (
    select its.org_id, not (its.is_disabled or org.is_disabled) as is_open
    from org_memberships its join organizations org on org.id = its.org_id
    where its.user_id = u.id
    order by its.is_disabled or org.is_disabled, its.created_at, its.id limit 1) oldest on true`;

/**
 * Whether the user `u` may get and use a mailed link: an active member, or somebody with a password who is in no
 * organization, as after an invitation with one. Needs `OLDEST_MEMBERSHIP`.
 */
export const MAY_SIGN_IN = `
  coalesce(oldest.is_open, exists (select from passwords own where own.user_id = u.id))`;

/** $1 the user, $2 the address of the link. */
export const FIND_OWNER: Statement = {
  name: 'password_links_find_owner',
  text: `
    select u.id from users u ${OLDEST_MEMBERSHIP}
    where u.id = $1 and u.email = $2 and ${MAY_SIGN_IN}`,
};
