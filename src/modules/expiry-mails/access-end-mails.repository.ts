import { Injectable } from '@nestjs/common';
import { Sql, type Statement } from '../../database/transactions/sql.js';
import type { AccessEndEmail } from './access-end-email.js';
import { type DueInOrg, dueByOrg, endOfDay, findMail, HANDOVER } from './expiry-mails.repository.js';

/** Read from the tables, whose indexes by the end the views cannot use. What has ended is not among them. */
const ENDS_SOON = `access_expires_at > now() and access_expires_at < ${endOfDay('7')}`;

/** A membership in a group has no id of its own. As in the index `user_group_members_by_notice`. */
const GROUP_MEMBER_ID = 'md5(user_group_id::text || user_id::text)::uuid';

/** As for keys and tokens, 7 and 1 days before. An end that is moved, to whenever, is told again. */
const DUE = `
  select e.id, e.org_id, e.user_id, e.set_by, e.expires_at, d.days
  from (
    select id, org_id, user_id, access_expires_set_by_user_id as set_by, created_at, access_expires_at as expires_at
    from org_memberships where ${ENDS_SOON}
    union all
    select id, org_id, user_id, access_expires_set_by_user_id, created_at, access_expires_at
    from workspace_memberships where ${ENDS_SOON}
    union all
    select ${GROUP_MEMBER_ID}, org_id, user_id, access_expires_set_by_user_id, created_at, access_expires_at
    from user_group_members where ${ENDS_SOON}
    union all
    select id, org_id, null, access_expires_set_by_user_id, created_at, access_expires_at
    from user_groups where ${ENDS_SOON}) e
  join organizations o on o.id = e.org_id and not o.is_disabled
  left join current_org_memberships p on p.org_id = e.org_id and p.user_id = e.user_id and not p.is_disabled
  join lateral (
    select min(days) as days from unnest(array[1, 7]) as one (days)
    where e.expires_at < ${endOfDay('days')}) d on true
  where (p.id is not null or e.user_id is null)
    and e.created_at < e.expires_at - make_interval(hours => 24 * (d.days + 1))
    and not exists (
      select from expiry_notices n
      where n.credential_id = e.id and n.days_before <= d.days and n.expires_at = e.expires_at)`;

const FIND_DUE = dueByOrg('access_ends_find_due', DUE);

/**
 * Adds one mail for each person and for each who set an end; of a role of a group, for the latter only. Of two servers, one
 * gets the rows. $1: organization, $2: ids.
 */
const CLAIM: Statement = {
  name: 'access_ends_claim',
  text: `
    with due as (select * from (${DUE}) every where org_id = $1 and id = any($2)),
      claimed as (
        insert into expiry_notices as n (credential_id, days_before, expires_at)
        select id, days, expires_at from due order by id
        on conflict (credential_id, days_before)
          do update set expires_at = excluded.expires_at where n.expires_at <> excluded.expires_at
        returning credential_id),
      mails as (
        insert into expiry_mails (id, org_id, user_id, credential_ids)
        select gen_random_uuid(), $1, r.user_id, array_agg(due.id)
        from claimed join due on due.id = claimed.credential_id
          cross join lateral (
            select due.user_id where due.user_id is not null
            union
            select m.user_id from current_org_memberships m
            where m.org_id = due.org_id and m.user_id = due.set_by and not m.is_disabled) r
        group by r.user_id
        returning id)
    select array(select id from mails) as "mailIds"`,
};

const FIND_MAIL = findMail('access_end_mails_find', {
  list: 'ends',
  items: `
    select e.id, e.expires_at,
      jsonb_build_object('personEmail', case when e.user_id <> m.user_id then i.user_email end,
        'identityId', i.id, 'userGroupId', g.id, 'userGroupName', coalesce(parent.name, g.name),
        'workspaceId', coalesce(e.workspace_id, g.workspace_id), 'workspaceName', w.display_name,
        'roleName', r.display_name, 'nextRoleName', n.display_name, 'endsAt', e.expires_at) as item
    from (
      select id, user_id, null::uuid as user_group_id, null::uuid as workspace_id, role_id, reverts_to_role_id,
        access_expires_set_by_user_id as set_by, access_expires_at as expires_at
      from org_memberships where id = any(m.credential_ids) and org_id = m.org_id and ${ENDS_SOON}
      union all
      select id, user_id, null, workspace_id, role_id, reverts_to_role_id, access_expires_set_by_user_id,
        access_expires_at
      from workspace_memberships where id = any(m.credential_ids) and org_id = m.org_id and ${ENDS_SOON}
      union all
      select ${GROUP_MEMBER_ID}, user_id, user_group_id, null, null, null, access_expires_set_by_user_id,
        access_expires_at
      from user_group_members
      where ${GROUP_MEMBER_ID} = any(m.credential_ids) and org_id = m.org_id and ${ENDS_SOON}
      union all
      select id, null, parent_user_group_id, workspace_id, role_id, null, access_expires_set_by_user_id,
        access_expires_at
      from user_groups where id = any(m.credential_ids) and org_id = m.org_id and ${ENDS_SOON}) e
      left join current_org_memberships i on i.org_id = m.org_id and i.user_id = e.user_id
      left join user_groups g on g.id = e.user_group_id
      left join user_groups parent on parent.id = g.parent_user_group_id
      left join roles r on r.id = e.role_id
      left join roles n on n.id = e.reverts_to_role_id
      left join workspaces w on w.id = coalesce(e.workspace_id, g.workspace_id)
    where m.user_id in (e.user_id, e.set_by) and (i.id is not null or e.user_id is null)`,
});

/** Which memberships and roles of groups end soon, and the mails about them. Reads tables of other modules. */
@Injectable()
export class AccessEndMailsRepository {
  readonly handover = HANDOVER;

  constructor(private readonly sql: Sql) {}

  findDue(): Promise<DueInOrg[]> {
    return this.sql.rows<DueInOrg>(FIND_DUE, []);
  }

  /** The mails; none about what another server has claimed meanwhile. */
  async claim({ orgId, ids }: DueInOrg): Promise<readonly string[]> {
    const { mailIds } = await this.sql.one<{ mailIds: string[] }>(CLAIM, [orgId, ids]);
    return mailIds;
  }

  /** Null if it was sent, or nothing is left to say. */
  find(id: string): Promise<AccessEndEmail | null> {
    return this.sql.row<AccessEndEmail>(FIND_MAIL, [id]);
  }
}
