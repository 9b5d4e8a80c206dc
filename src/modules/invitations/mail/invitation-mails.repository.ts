import { Injectable } from '@nestjs/common';
import { newId } from '../../../database/statements/new-id.js';
import { Sql, type Statement } from '../../../database/transactions/sql.js';
import { isAccountInUse } from '../../passwords/index.js';
import type { InvitationEmail } from './invitation-email.js';

/** Decides whether a mail is still due, with one conditional update, so that concurrent workers send it once. */
@Injectable()
export class InvitationMailsRepository {
  constructor(private readonly sql: Sql) {}

  /** Creates a new mail for each invitation and returns the mail ids. Replaces an older mail that is still due. */
  async insert(invitationIds: readonly string[]): Promise<string[]> {
    const jobIds = invitationIds.map(() => newId());
    await this.sql.affected(INSERT, [invitationIds, jobIds]);
    return jobIds;
  }

  /**
   * Another mail of the newest invitation of an address that can be accepted, and its id; null if there is none, or if
   * it was mailed or refused less than `pauseMinutes` ago.
   */
  async insertAgain(email: string, pauseMinutes: number): Promise<string | null> {
    const row = await this.sql.row<{ jobId: string }>(INSERT_AGAIN, [email, newId(), pauseMinutes]);
    return row?.jobId ?? null;
  }

  async remove(invitationIds: readonly string[]): Promise<void> {
    await this.sql.affected(REMOVE, [invitationIds]);
  }

  /** Null if it is no longer due: sent, resent, or the invitation has ended. */
  findDue(jobId: string): Promise<InvitationEmail | null> {
    return this.sql.row<InvitationEmail>(FIND_DUE, [jobId]);
  }
}

const INSERT: Statement = {
  name: 'invitation_mails_plan',
  text: `
    insert into invitation_mails (invitation_id, job_id)
    select invitation_id, job_id from unnest($1::uuid[], $2::uuid[]) as given (invitation_id, job_id)
    on conflict (invitation_id) do update set job_id = excluded.job_id, handed_over_at = null, refused_at = null`,
};

const INSERT_AGAIN: Statement = {
  name: 'invitation_mails_plan_again',
  text: `
    insert into invitation_mails as m (invitation_id, job_id)
    select i.id, $2 from invitations i join organizations o on o.id = i.org_id
    where i.email = $1 and i.status = 'pending' and (i.expires_at is null or i.expires_at > now())
      and o.invites_enabled and not o.is_disabled and not o.sso_only
    order by i.created_at desc, i.id desc limit 1
    on conflict (invitation_id) do update set job_id = excluded.job_id, handed_over_at = null, refused_at = null
      where coalesce(m.handed_over_at, m.refused_at, '-infinity') <= now() - make_interval(mins => $3)
    returning job_id as "jobId"`,
};

const REMOVE: Statement = {
  name: 'invitation_mails_remove',
  text: 'delete from invitation_mails where invitation_id = any($1)',
};

const IS_DUE = `
  m.job_id = $1 and m.handed_over_at is null and i.id = m.invitation_id
  and i.status = 'pending' and (i.expires_at is null or i.expires_at > now())`;

/** Reads tables of other modules for the names. */
const FIND_DUE: Statement = {
  name: 'invitation_mails_find_due',
  text: `
    select i.id, i.org_id as "orgId", i.email, i.full_name as "fullName", i.expires_at as "expiresAt",
      floor(extract(epoch from i.expires_at - now()) / 3600)::int as "hoursLeft", o.display_name as "orgName",
      o.mail_language as "language", to_jsonb(i.access_expires_at) as "accessEndsAt",
      u.full_name as "inviterName", u.email as "inviterEmail",
      ${isAccountInUse('i.email')} as "hasAccount",
      coalesce((
        select jsonb_agg(jsonb_build_object('name', w.display_name, 'endsAt', g.access_expires_at)
          order by g.created_at, g.workspace_id)
        from invitation_workspaces g join workspaces w on w.id = g.workspace_id
        where g.invitation_id = i.id and (g.access_expires_at is null or g.access_expires_at > now())), '[]') as workspaces
    from invitation_mails m, invitations i
      join organizations o on o.id = i.org_id left join users u on u.id = i.invited_by_user_id
    where ${IS_DUE}`,
};

/** Claimed only while it is due, unlike the mails that `mailHandover` is for. */
export const INVITATION_HANDOVER = {
  claim: {
    name: 'invitation_mails_hand_over',
    text: `update invitation_mails m set handed_over_at = now() from invitations i where ${IS_DUE}`,
  },
  release: {
    name: 'invitation_mails_take_back',
    text: 'update invitation_mails set handed_over_at = null where job_id = $1',
  },
  refuse: {
    name: 'invitation_mails_refuse',
    text: 'update invitation_mails set refused_at = now(), refusal_code = $2 where job_id = $1',
  },
};
