import { sweep } from '../../../database/jobs/sweep.statements.js';

// Until 0.8.0: what servers of 0.6.x have told is not told again, nor the other way round. Both tell under the roster
// lock of the organization, so that neither overlooks the other. This folder goes with the last of them.

/** In SQL: the id of a membership in a user group in `expiry_notices`, as of the index `user_group_members_by_notice`. */
export const OLD_ID_OF_GROUP_MEMBER = 'md5(user_group_id::text || user_id::text)::uuid';

/** In SQL: `n` is a row about `c`. */
export const OLD_NOTICE = 'from expiry_notices n where n.credential_id = c.old_id';

/** In SQL: common table expressions after `due` and `claimed`. $3: with mails. */
export const RECORD_OLD_NOTICES = `
  recorded as (
    insert into expiry_notices (credential_id, days_before, expires_at, is_mailed)
    select due.old_id, due.days, due.expires_at, $3 from claimed join due using (subject)
    on conflict (credential_id, days_before)
      do update set expires_at = excluded.expires_at, is_mailed = excluded.is_mailed)`;

export const PAST_OLD_NOTICES = sweep('expiry_notices', { key: 'ctid' });
