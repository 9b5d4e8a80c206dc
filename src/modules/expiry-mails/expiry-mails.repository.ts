import { Injectable } from '@nestjs/common';
import { RemovalJob } from '../../database/jobs/removal.job.js';
import { sweep } from '../../database/jobs/sweep.statements.js';
import { Sql, type Statement } from '../../database/transactions/sql.js';
import { ORG_ADMIN_ID } from '../roles/index.js';
import type { ExpiryEmail } from './expiry-email.js';

/** Keys and tokens of an organization about whose expiry a mail is due. */
type DueInOrg = { readonly orgId: string; readonly ids: readonly string[] };

const MAX_ADMINS = 20;
const MAX_IN_A_MAIL = 1000;
const MAX_ORGS = 1000; // the others follow at the next run

/** In which days begin at midnight (UTC), so that all mails of a day are queued together. In hours: days may have 23. */
const endOfDay = (days: string) =>
  `date_trunc('day', now(), 'UTC') + make_interval(hours => 24 * (${days} + 1))`;

const EXPIRES_SOON = `expires_at > now() and expires_at < ${endOfDay('14')}`;

/**
 * What expires soon and is due for a mail: the last one of 14, 7 and 1 days that has come, so that what was missed is not
 * made up for. None of a time that the key or token was not made to outlive by a day.
 */
const DUE = `
  select c.id, c.org_id, c.user_id, c.expires_at, d.days
  from (
    select id, org_id, user_id, created_at, expires_at from api_keys where ${EXPIRES_SOON} and revoked_at is null
    union all
    select id, org_id, null, created_at, expires_at from scim_tokens where ${EXPIRES_SOON}) c
  join organizations o on o.id = c.org_id and not o.is_disabled
  left join org_memberships m on m.org_id = c.org_id and m.user_id = c.user_id
  join lateral (
    select min(days) as days from unnest(array[1, 7, 14]) as one (days)
    where c.expires_at < ${endOfDay('days')}) d on true
  where c.created_at < c.expires_at - make_interval(hours => 24 * (d.days + 1))
    and m.is_disabled is not true
    and not exists (
      select from expiry_notices n
      where n.credential_id = c.id and n.days_before <= d.days and n.expires_at >= c.expires_at)`;

const FIND_DUE: Statement = {
  name: 'expiry_notices_find_due',
  text: `
    select org_id as "orgId", (array_agg(id order by expires_at, id))[:${MAX_IN_A_MAIL}] as ids
    from (${DUE}) due group by org_id order by org_id limit ${MAX_ORGS}`,
};

/**
 * Adds one mail for each owner, and for each admin about what has no owner. Of two servers, one gets the rows.
 * $1: organization, $2: keys and tokens.
 */
const INSERT_MAILS: Statement = {
  name: 'expiry_mails_insert',
  text: `
    with due as (select * from (${DUE}) every where org_id = $1 and id = any($2)),
      claimed as (
        insert into expiry_notices as n (credential_id, days_before, expires_at)
        select id, days, expires_at from due order by id
        on conflict (credential_id, days_before) do update set expires_at = excluded.expires_at
          where n.expires_at < excluded.expires_at
        returning credential_id),
      admins as (
        select user_id from org_memberships where org_id = $1 and role_id = '${ORG_ADMIN_ID}' and not is_disabled
        order by created_at, id limit ${MAX_ADMINS})
    insert into expiry_mails (id, org_id, user_id, credential_ids)
    select gen_random_uuid(), $1, coalesce(due.user_id, admins.user_id) as recipient, array_agg(due.id)
    from claimed join due on due.id = claimed.credential_id left join admins on due.user_id is null
    where coalesce(due.user_id, admins.user_id) is not null
    group by recipient
    returning id`,
};

/** Not what a newer mail to this member is about: the mail server may have been down in between. */
const FIND_MAIL: Statement = {
  name: 'expiry_mails_find_due',
  text: `
    select m.org_id as "orgId", u.email, u.full_name as "fullName", o.display_name as "orgName",
      o.mail_language as language, list.credentials
    from expiry_mails m
      join org_memberships p on p.org_id = m.org_id and p.user_id = m.user_id and not p.is_disabled
      join organizations o on o.id = m.org_id and not o.is_disabled
      join users u on u.id = m.user_id
      cross join lateral (
        select jsonb_agg(jsonb_build_object('kind', kind, 'shortKey', short_key, 'description', description,
          'expiresAt', expires_at) order by expires_at, id) as credentials
        from (
          select id, user_id, kind, short_key, description, expires_at from api_keys
          where id = any(m.credential_ids) and org_id = m.org_id and ${EXPIRES_SOON} and revoked_at is null
          union all
          select id, null, 'scim', short_token, description, expires_at from scim_tokens
          where id = any(m.credential_ids) and org_id = m.org_id and ${EXPIRES_SOON}) c
        where (c.user_id = m.user_id or (c.user_id is null and p.role_id = '${ORG_ADMIN_ID}'))
          and not exists (
            select from expiry_mails newer
            where newer.org_id = m.org_id and newer.user_id = m.user_id and newer.created_at > m.created_at
              and c.id = any(newer.credential_ids))) list
    where m.id = $1 and m.handed_over_at is null and list.credentials is not null`,
};

const CLAIM_HANDOVER: Statement = {
  name: 'expiry_mails_hand_over',
  text: 'update expiry_mails set handed_over_at = now() where id = $1 and handed_over_at is null',
};

const RELEASE_HANDOVER: Statement = {
  name: 'expiry_mails_take_back',
  text: 'update expiry_mails set handed_over_at = null where id = $1',
};

/** Jobs are retried for a day. */
const OLD_MAILS = sweep('expiry_mails', { key: 'id', time: 'created_at', daysLater: 2 });

/** After the expiry, nothing is due any more. The key has two columns. */
const PAST_NOTICES = sweep('expiry_notices', { key: 'ctid' });

/** Which keys and tokens expire soon, and the mails about them. Reads tables of other modules. */
@Injectable()
export class ExpiryMailsRepository {
  constructor(
    private readonly sql: Sql,
    removals: RemovalJob,
  ) {
    removals.addSweep('mails about expiries', OLD_MAILS);
    removals.addSweep('notices of expiries', PAST_NOTICES);
  }

  findDue(): Promise<DueInOrg[]> {
    return this.sql.rows<DueInOrg>(FIND_DUE, []);
  }

  /** Returns the ids of the new mails; none for what another server has queued meanwhile. */
  async insertMails({ orgId, ids }: DueInOrg): Promise<string[]> {
    const mails = await this.sql.rows<{ id: string }>(INSERT_MAILS, [orgId, ids]);
    return mails.map(({ id }) => id);
  }

  /** Null if it was sent, or nothing is left to say. */
  findMail(id: string): Promise<ExpiryEmail | null> {
    return this.sql.row<ExpiryEmail>(FIND_MAIL, [id]);
  }

  /** False if it is no longer due. After true, no other worker sends it. */
  async claimHandover(id: string): Promise<boolean> {
    return (await this.sql.affected(CLAIM_HANDOVER, [id])) === 1;
  }

  /** Called if the mail server refused the mail. */
  async releaseHandover(id: string): Promise<void> {
    await this.sql.affected(RELEASE_HANDOVER, [id]);
  }
}
