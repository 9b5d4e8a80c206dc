/**
 * Until 0.8.0, in SQL: mails about invitations, also those of servers of 0.6.x, which record in another table what became of
 * them. The newest of an invitation has the largest id. After that: the table `mails`.
 */
export const MAILS_OF_INVITATIONS = `
  select invitation_id, id, false as is_old, state, settled_at, code from mails where invitation_id is not null
  union all
  select invitation_id, job_id, true,
    case when handed_over_at is not null then 'sent' when refused_at is not null then 'refused' else 'queued' end,
    coalesce(handed_over_at, refused_at), refusal_code
  from invitation_mails`;
