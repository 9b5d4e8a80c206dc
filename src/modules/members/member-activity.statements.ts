import type { Statement } from '../../database/transactions/sql.js';

/**
 * $1 ids of org memberships. The key-share lock lets the foreign key hold while a membership is being removed, in id
 * order and with skip locked: neither replicas nor the removal of many members can deadlock with it.
 */
export const MARK_ACTIVE: Statement = {
  name: 'member_activity_mark',
  text: `
    insert into member_activity (membership_id, last_active_at)
    select id, now() from (
      select id from org_memberships where id = any($1) order by id for key share skip locked) active
    on conflict (membership_id) do update set last_active_at = excluded.last_active_at`,
};
