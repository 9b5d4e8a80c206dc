import { Injectable } from '@nestjs/common';
import { mailHandover } from '../../database/jobs/mail-queue.js';
import { RemovalJob } from '../../database/jobs/removal.job.js';
import { sweep } from '../../database/jobs/sweep.statements.js';
import { Sql, type Statement } from '../../database/transactions/sql.js';
import { ORG_ADMIN_ID } from '../roles/index.js';
import type { ExpiryEmail } from './expiry-email.js';

/** What of an organization expires or ends soon, and is to be told. */
export type DueInOrg = { readonly orgId: string; readonly ids: readonly string[] };

/** `days`: 14, 7 or 1, until the expiry. */
type ExpiringCredential = {
  readonly id: string;
  readonly kind: 'personal_access_token' | 'service_key' | 'scim_token';
  readonly days: number;
};
export type Claimed = {
  readonly mailIds: readonly string[];
  readonly expiring: readonly ExpiringCredential[];
};

const MAX_ADMINS = 20;
const MAX_IN_A_MAIL = 1000;
const MAX_ORGS = 1000; // the others follow at the next run

/** In which days begin at midnight (UTC), so that all mails of a day are queued together. In hours: days may have 23. */
export const endOfDay = (days: string) =>
  `date_trunc('day', now(), 'UTC') + make_interval(hours => 24 * (${days} + 1))`;

const EXPIRES_SOON = `expires_at > now() and expires_at < ${endOfDay('14')}`;

/**
 * What expires soon and has to be told: the last one of 14, 7 and 1 days that has come, so that what was missed is not
 * made up for. None of a time that the key or token was not made to outlive by a day. `withMails` is in SQL.
 */
const due = (withMails: string) => `
  select c.id, c.kind, c.org_id, c.user_id, c.expires_at, d.days
  from (
    select id, case kind when 'pat' then 'personal_access_token' else 'service_key' end as kind, org_id, user_id, created_at,
      expires_at
    from api_keys where ${EXPIRES_SOON} and revoked_at is null
    union all
    select id, 'scim_token', org_id, null, created_at, expires_at from scim_tokens where ${EXPIRES_SOON}) c
  join organizations o on o.id = c.org_id and not o.is_disabled
  left join current_org_memberships m on m.org_id = c.org_id and m.user_id = c.user_id
  join lateral (
    select min(days) as days from unnest(array[1, 7, 14]) as one (days)
    where c.expires_at < ${endOfDay('days')}) d on true
  where c.created_at < c.expires_at - make_interval(hours => 24 * (d.days + 1))
    and m.is_disabled is not true
    and not exists (
      select from expiry_notices n
      where n.credential_id = c.id and n.days_before <= d.days and n.expires_at >= c.expires_at
        and (n.is_mailed or not ${withMails}))`;

/** By organization. `rows`: in SQL, with org_id, id and expires_at. */
export const dueByOrg = (name: string, rows: string): Statement => ({
  name,
  text: `
    select org_id as "orgId", (array_agg(id order by expires_at, id))[:${MAX_IN_A_MAIL}] as ids
    from (${rows}) due group by org_id order by org_id limit ${MAX_ORGS}`,
});

/** $1: whether mails can be sent. */
const FIND_DUE = dueByOrg('expiry_notices_find_due', due('$1::boolean'));

/**
 * Adds one mail for each owner, and for each admin about what has no owner, if `$3`. Returns these, and what was not told
 * before, with or without a mail. Of two servers, one gets the rows. $1: organization, $2: keys and tokens.
 */
const CLAIM: Statement = {
  name: 'expiry_notices_claim',
  text: `
    with due as (select * from (${due('$3::boolean')}) every where org_id = $1 and id = any($2)),
      told as (
        select due.id from due join expiry_notices n on n.credential_id = due.id and n.days_before = due.days
        where n.expires_at >= due.expires_at),
      claimed as (
        insert into expiry_notices as n (credential_id, days_before, expires_at, is_mailed)
        select id, days, expires_at, $3 from due order by id
        on conflict (credential_id, days_before)
          do update set expires_at = excluded.expires_at, is_mailed = excluded.is_mailed
          where n.expires_at < excluded.expires_at or (excluded.is_mailed and not n.is_mailed)
        returning credential_id),
      admins as (
        select user_id from current_org_memberships where org_id = $1 and role_id = '${ORG_ADMIN_ID}' and not is_disabled
        order by created_at, id limit ${MAX_ADMINS}),
      mails as (
        insert into expiry_mails (id, org_id, user_id, credential_ids)
        select gen_random_uuid(), $1, coalesce(due.user_id, admins.user_id) as recipient, array_agg(due.id)
        from claimed join due on due.id = claimed.credential_id left join admins on due.user_id is null
        where $3 and coalesce(due.user_id, admins.user_id) is not null
        group by recipient
        returning id)
    select array(select id from mails) as "mailIds", coalesce((
      select jsonb_agg(jsonb_build_object('id', due.id, 'kind', due.kind, 'days', due.days) order by due.expires_at, due.id)
      from claimed join due on due.id = claimed.credential_id
      where due.id not in (select id from told)), '[]') as expiring`,
};

/**
 * A mail with what it is about and a newer mail to this member is not: the mail server may have been down in between.
 *
 * @param items in SQL, with id, expires_at and item; of the mail `m` to the membership `p`
 */
export const findMail = (name: string, { list, items }: { list: string; items: string }): Statement => ({
  name,
  text: `
    select m.org_id as "orgId", u.email, u.full_name as "fullName", o.display_name as "orgName",
      o.mail_language as language, about.list as ${list}
    from expiry_mails m
      join current_org_memberships p on p.org_id = m.org_id and p.user_id = m.user_id and not p.is_disabled
      join organizations o on o.id = m.org_id and not o.is_disabled
      join users u on u.id = m.user_id
      cross join lateral (
        select jsonb_agg(item order by expires_at, id) as list
        from (${items}) its
        where not exists (
          select from expiry_mails newer
          where newer.org_id = m.org_id and newer.user_id = m.user_id and newer.created_at > m.created_at
            and its.id = any(newer.credential_ids))) about
    where m.id = $1 and m.handed_over_at is null and about.list is not null`,
});

const FIND_MAIL = findMail('expiry_mails_find_due', {
  list: 'credentials',
  items: `
    select id, expires_at, jsonb_build_object('kind', kind, 'shortKey', short_key, 'description', description,
      'expiresAt', expires_at) as item
    from (
      select id, user_id, kind, short_key, description, expires_at from api_keys
      where id = any(m.credential_ids) and org_id = m.org_id and ${EXPIRES_SOON} and revoked_at is null
      union all
      select id, null, 'scim', short_token, description, expires_at from scim_tokens
      where id = any(m.credential_ids) and org_id = m.org_id and ${EXPIRES_SOON}) c
    where c.user_id = m.user_id or (c.user_id is null and p.role_id = '${ORG_ADMIN_ID}')`,
});

export const HANDOVER = mailHandover('expiry_mails');

/** After the expiry, nothing is due any more. The key has two columns. */
const PAST_NOTICES = sweep('expiry_notices', { key: 'ctid' });

/** Which keys and tokens expire soon, and the mails about them. Reads tables of other modules. */
@Injectable()
export class ExpiryMailsRepository {
  readonly handover = HANDOVER;

  constructor(
    private readonly sql: Sql,
    removals: RemovalJob,
  ) {
    removals.addSweep('mails about expiries', HANDOVER.old);
    removals.addSweep('notices of expiries', PAST_NOTICES);
  }

  findDue(options: { withMails: boolean }): Promise<DueInOrg[]> {
    return this.sql.rows<DueInOrg>(FIND_DUE, [options.withMails]);
  }

  /** Nothing of what another server has claimed meanwhile. */
  claim({ orgId, ids }: DueInOrg, options: { withMails: boolean }): Promise<Claimed> {
    return this.sql.one<Claimed>(CLAIM, [orgId, ids, options.withMails]);
  }

  /** Null if it was sent, or nothing is left to say. */
  find(id: string): Promise<ExpiryEmail | null> {
    return this.sql.row<ExpiryEmail>(FIND_MAIL, [id]);
  }
}
