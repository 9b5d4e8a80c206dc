import { Injectable } from '@nestjs/common';
import { RemovalJob } from '../../database/jobs/removal.job.js';
import { sweep } from '../../database/jobs/sweep.statements.js';
import { Sql, type Statement } from '../../database/transactions/sql.js';
import { type NewMail, TO_MEMBER } from '../notices/index.js';

type DueInOrg = { readonly orgId: string; readonly subjects: readonly string[] };

/** `days`: 14, 7 or 1, until the expiry. */
export type ExpiringCredential = {
  readonly id: string;
  readonly kind: 'personal_access_token' | 'service_key' | 'scim_token';
  readonly days: number;
};

type Claimed = {
  /** One for each recipient. */
  readonly mails: readonly NewMail[];
  /** What was not told before, with or without a mail. */
  readonly expiring: readonly ExpiringCredential[];
};

/** In SQL. */
type Announced = {
  /** `c`, which expires or ends soon: id, subject, kind (null: it is no event), org_id, user_id, set_by, created_at, expires_at. */
  readonly subjects: string;
  /** The days before, as a list. */
  readonly days: string;
  /** Of `c`, in the organization `o`, to whose user `p` is the membership. */
  readonly condition: string;
  /** How an announcement's expiry compares with that of `c` if it was told. */
  readonly isTold: '=' | '>=';
  readonly recipients: string;
};

type AnnouncementStatements = { readonly findDue: Statement; readonly claim: Statement };

const MAX_IN_A_MAIL = 1000;
const MAX_ORGS = 1000; // the others follow at the next run

/** In which days begin at midnight (UTC), so that all mails of a day are queued together. In hours: days may have 23. */
export const endOfDay = (days: string) =>
  `date_trunc('day', now(), 'UTC') + make_interval(hours => 24 * (${days} + 1))`;

/**
 * What has to be told: the last of the days before that has come, unless the subject was made less than a day before.
 * `is_told`: without a mail.
 */
const due = ({ subjects, days, condition, isTold }: Announced, withMails: string) => {
  const told = (when: string) =>
    `exists (select from expiry_announcements n
      where n.subject = c.subject and n.expires_at ${isTold} c.expires_at and ${when})`;
  return `
    select c.*, d.days, ${told('n.days_before = d.days')} as is_told
    from (${subjects}) c
    join organizations o on o.id = c.org_id and not o.is_disabled
    left join current_org_memberships p on p.org_id = c.org_id and p.user_id = c.user_id
    join lateral (
      select min(days) as days from unnest(array[${days}]) as one (days)
      where c.expires_at < ${endOfDay('days')}) d on true
    where c.created_at < c.expires_at - make_interval(hours => 24 * (d.days + 1)) and ${condition}
      and not ${told(`n.days_before <= d.days and (n.is_mailed or not ${withMails})`)}`;
};

/** By organization. $1: whether mails can be sent. */
const dueByOrg = (announced: Announced) => `
  select org_id as "orgId", (array_agg(subject order by expires_at, subject))[:${MAX_IN_A_MAIL}] as subjects
  from (${due(announced, '$1::boolean')}) due group by org_id order by org_id limit ${MAX_ORGS}`;

/** Of two servers, one gets the rows. $1: organization, $2: subjects, $3: whether mails can be sent. */
const claimOf = (announced: Announced) => `
  with due as (
      select * from (${due(announced, '$3::boolean')}) every
      where org_id = $1 and id = any(array(select split_part(one, '/', 1)::uuid from unnest($2::text[]) one))
        and subject = any($2)),
    claimed as (
      insert into expiry_announcements as n (subject, days_before, expires_at, is_mailed)
      select subject, days, expires_at, $3 from due order by subject
      on conflict (subject, days_before)
        do update set expires_at = excluded.expires_at, is_mailed = excluded.is_mailed
        where not (n.expires_at ${announced.isTold} excluded.expires_at) or (excluded.is_mailed and not n.is_mailed)
      returning subject)
  select coalesce((
      select jsonb_agg(mail) from (
        select jsonb_build_object('orgId', $1::uuid, 'userId', r.user_id, 'about', array_agg(c.subject)) as mail
        from claimed join due c using (subject) cross join lateral (${announced.recipients}) r
        where $3 group by r.user_id) mails), '[]') as mails,
    coalesce((
      select jsonb_agg(jsonb_build_object('id', id, 'kind', kind, 'days', days) order by expires_at, id)
      from claimed join due using (subject) where kind is not null and not is_told), '[]') as expiring`;

export const statementsFor = (name: string, announced: Announced): AnnouncementStatements => ({
  findDue: { name: `${name}_find_due`, text: dueByOrg(announced) },
  claim: { name: `${name}_claim`, text: claimOf(announced) },
});

/**
 * A mail with a list of what it is about and a newer mail is not: the mail server may have been down in between.
 *
 * @param items in SQL, with subject, expires_at and item; of the mail `m`, whose ids are `its.ids`, to the membership `p`
 */
export const mailWithList = ({ list, items }: { list: string; items: string }) => ({
  columns: `${TO_MEMBER.columns}, listed.items as ${list}`,
  from: `
    ${TO_MEMBER.from}
    cross join lateral (
      select array(select split_part(one, '/', 1)::uuid from unnest(m.about) one) as ids) its
    join lateral (
      select jsonb_agg(item order by expires_at, subject) as items
      from (${items}) every
      where not exists (
        select from mails newer
        where newer.org_id = m.org_id and newer.user_id = m.user_id and newer.created_at > m.created_at
          and every.subject = any(newer.about))) listed on listed.items is not null`,
});

/** After the expiry, nothing is due any more. The key has two columns. */
const PAST = sweep('expiry_announcements', { key: 'ctid' });

/** Which expiries and ends are due to be told, and were. Reads tables of other modules. */
@Injectable()
export class AnnouncementsRepository {
  constructor(
    private readonly sql: Sql,
    removals: RemovalJob,
  ) {
    removals.addSweep('announcements of expiries', PAST);
  }

  findDue({ findDue }: AnnouncementStatements, options: { withMails: boolean }): Promise<DueInOrg[]> {
    return this.sql.rows<DueInOrg>(findDue, [options.withMails]);
  }

  /** Nothing of what another server has claimed meanwhile. */
  claim(
    { claim }: AnnouncementStatements,
    { orgId, subjects }: DueInOrg,
    options: { withMails: boolean },
  ): Promise<Claimed> {
    return this.sql.one<Claimed>(claim, [orgId, subjects, options.withMails]);
  }
}
