import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Moves what servers of 0.6 have told and mailed to where 0.7.0 and later read it, and empties their tables. Those of 0.7.0 still
 * name the tables, so a migration of 0.9.0 drops them (docs/decisions/0129-upgrades-start-from-the-previous-release.md).
 */
export class MoveOldMails1765200000000 implements MigrationInterface {
  name = 'MoveOldMails1765200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('lock table expiry_notices in share row exclusive mode'); // 0.7.0 writes it beside expiry_announcements
    for (const table of EMPTIED) await runner.query(`comment on table ${table} is '${COMMENT}'`);
    await runner.query(MOVE_NOTICES);
    await runner.query(MOVE_MAILS);
    for (const table of EMPTIED) await runner.query(`delete from ${table}`);
  }

  async down(): Promise<void> {
    // 0.7.0 reads the rows where they are now, too
  }
}

const EMPTIED = [
  'access_request_mails',
  'expiry_mails',
  'expiry_notices',
  'invitation_mails',
  'password_mails',
  'webhook_mails',
];

const COMMENT = 'Not used any more. Servers of 0.7.0 name it in their statements.';

/** Of both tables, the old one has what was told last: 0.6 wrote it alone, and 0.7.0 writes both. */
const MOVE_NOTICES = `
  insert into expiry_announcements (subject, days_before, expires_at, is_mailed)
  select s.subject, n.days_before, n.expires_at, n.is_mailed
  from expiry_notices n join (
    select id, id::text as subject from api_keys
    union all select id, id::text from scim_tokens
    union all select id, id::text from org_memberships
    union all select id, id::text from workspace_memberships
    union all select id, id::text from user_groups
    union all select md5(user_group_id::text || user_id::text)::uuid, user_group_id || '/' || user_id from user_group_members) s
    on s.id = n.credential_id
  where n.expires_at > now()
  on conflict (subject, days_before) do update set expires_at = excluded.expires_at, is_mailed = excluded.is_mailed`;

/** What 0.7.0 has not taken over can no longer be sent. The newer sending of an invitation has the larger id (RFC 9562, version 7). */
const MOVE_MAILS = `
  insert into mails as m (id, kind, invitation_id, state, settled_at, code)
  select o.job_id, 'invitation-mails', o.invitation_id,
    case when o.handed_over_at is not null then 'sent' when o.refused_at is not null then 'refused' else 'abandoned' end,
    coalesce(o.handed_over_at, o.refused_at, now()), case when o.handed_over_at is null then o.refusal_code end
  from invitation_mails o join invitations i on i.id = o.invitation_id and i.status = 'pending'
  for key share of i
  on conflict (invitation_id) do update
    set id = excluded.id, state = excluded.state, settled_at = excluded.settled_at, code = excluded.code
    where m.id < excluded.id`;
