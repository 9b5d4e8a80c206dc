import { Injectable } from '@nestjs/common';
import { mailHandover } from '../../../database/jobs/mail-queue.js';
import { RemovalJob } from '../../../database/jobs/removal.job.js';
import { Sql, type Statement } from '../../../database/transactions/sql.js';
import { ORG_ADMIN_ID } from '../../roles/index.js';

/** The content of a mail about a request. Names are not sanitized. */
export type AccessRequestEmail = {
  readonly orgId: string;
  readonly email: string;
  readonly fullName: string | null;
  readonly orgName: string;
  /** Null: that of the installation. */
  readonly language: string | null;
  /** To the requester, about the decision; otherwise to somebody who may decide. */
  readonly isToRequester: boolean;
  readonly isApproved: boolean;
  readonly requesterEmail: string;
  readonly workspaceName: string | null;
  readonly roleName: string | null;
  readonly userGroupName: string | null;
};

const MOST_DECIDERS = 20;

/**
 * Who is told of the request `r`: members of the workspace whose own role gives the requested one, then Organization
 * Admins. Whether they may decide is compared when they do.
 */
const DECIDERS = `
  select user_id from (
    select w.user_id, 1 as rank, w.created_at
    from roles h
    join roles a on a.id = r.role_id and h.permissions @> a.permissions
    cross join lateral (
      select w.user_id, w.created_at from current_workspace_memberships w
      where w.workspace_id = r.workspace_id and w.given_role_id = h.id and w.role_id = h.id
      order by w.id limit ${MOST_DECIDERS + 1}) w
    where (h.org_id is null or h.org_id = r.org_id) and 'workspaces:manage-members' = any(h.permissions)
    union all
    (select p.user_id, 2, p.created_at from current_org_memberships p
      where p.org_id = r.org_id and p.given_role_id = '${ORG_ADMIN_ID}' and p.role_id = '${ORG_ADMIN_ID}'
      order by p.id limit ${MOST_DECIDERS + 1})) d
  where d.user_id <> r.requester_id
    and exists (
      select from current_org_memberships m
      where m.org_id = r.org_id and m.user_id = d.user_id and not m.is_disabled)
  group by user_id order by min(rank), min(created_at), user_id limit ${MOST_DECIDERS}`;

const insert = (name: string, recipients: string): Statement => ({
  name,
  text: `
    insert into access_request_mails (id, request_id, org_id, user_id)
    select gen_random_uuid(), r.id, r.org_id, d.user_id
    from access_requests r cross join lateral (${recipients}) d where r.id = $1
    returning id`,
});
const INSERT_FOR_DECIDERS = insert('access_request_mails_insert_for_deciders', DECIDERS);
const INSERT_FOR_REQUESTER = insert(
  'access_request_mails_insert_for_requester',
  'select r.requester_id as user_id',
);

/** To those who decide only while it is open and they still may: the mail server may have been down in between. */
const FIND: Statement = {
  name: 'access_request_mails_find',
  text: `
    select r.org_id as "orgId", u.email, u.full_name as "fullName", o.display_name as "orgName",
      o.mail_language as language, m.user_id = r.requester_id as "isToRequester", r.state = 'approved' as "isApproved",
      q.email as "requesterEmail", w.display_name as "workspaceName", g.name as "userGroupName",
      coalesce(d.display_name, a.display_name) as "roleName"
    from access_request_mails m
      join access_requests r on r.id = m.request_id
      join current_org_memberships p on p.org_id = m.org_id and p.user_id = m.user_id and not p.is_disabled
      join organizations o on o.id = m.org_id and not o.is_disabled
      join users u on u.id = m.user_id
      join users q on q.id = r.requester_id
      left join workspaces w on w.id = r.workspace_id
      left join user_groups g on g.id = r.user_group_id
      left join roles a on a.id = r.role_id
      left join roles d on d.id = r.decided_role_id
    where m.id = $1 and m.handed_over_at is null
      and case when m.user_id = r.requester_id then r.state in ('approved', 'declined')
        else r.state = 'pending' and r.expires_at > now() and m.user_id in (${DECIDERS}) end`,
};

const HANDOVER = mailHandover('access_request_mails');

/** Mails about access requests. Reads tables of other modules. */
@Injectable()
export class AccessRequestMailsRepository {
  readonly handover = HANDOVER;

  constructor(
    private readonly sql: Sql,
    removals: RemovalJob,
  ) {
    removals.addSweep('mails about access requests', HANDOVER.old);
  }

  /** Returns the ids of the new mails. */
  async insert(requestId: string, recipients: 'deciders' | 'requester'): Promise<string[]> {
    const statement = recipients === 'deciders' ? INSERT_FOR_DECIDERS : INSERT_FOR_REQUESTER;
    const mails = await this.sql.rows<{ id: string }>(statement, [requestId]);
    return mails.map(({ id }) => id);
  }

  find(id: string): Promise<AccessRequestEmail | null> {
    return this.sql.row<AccessRequestEmail>(FIND, [id]);
  }
}
