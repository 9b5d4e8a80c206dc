import { Injectable, type OnModuleInit } from '@nestjs/common';
import { shownName, truncated } from '../../../common/mail/mail-texts.js';
import { named, Sql, type Statement } from '../../../database/transactions/sql.js';
import {
  type MailKind,
  type MemberMail,
  memberValues,
  OutboxJob,
  type PageOf,
  TO_MEMBER,
} from '../../notices/index.js';
import { ORG_ADMIN_ID } from '../../roles/index.js';

/** Names are not sanitized. */
type AccessRequestMail = MemberMail & {
  /** To the requester, about the decision; otherwise to somebody who may decide. */
  readonly isToRequester: boolean;
  readonly isApproved: boolean;
  readonly requesterEmail: string;
  readonly workspaceName: string | null;
  readonly roleName: string | null;
  readonly userGroupName: string | null;
};

const MOST_DECIDERS = 20;

/** Members of the workspace of the request `r` whose own role gives the requested one, then Organization Admins. */
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

const FIND_DECIDERS: Statement = named('access_requests_find_deciders')`
  select r.org_id as "orgId", d.user_id as "userId" from access_requests r cross join lateral (${DECIDERS}) d where r.id = $1`;

/** To those who decide only while it is open and they still may: the mail server may have been down in between. */
const KIND: MailKind<AccessRequestMail> = {
  name: 'access-request-mails',
  columns: `
    ${TO_MEMBER.columns}, m.user_id = r.requester_id as "isToRequester", r.state = 'approved' as "isApproved",
    q.email as "requesterEmail", w.display_name as "workspaceName", g.name as "userGroupName",
    coalesce(d.display_name, a.display_name) as "roleName"`,
  from: `
    ${TO_MEMBER.from}
    join access_requests r on r.id = m.about[1]::uuid
      and case when m.user_id = r.requester_id then r.state in ('approved', 'declined')
        else r.state = 'pending' and r.expires_at > now() and m.user_id in (${DECIDERS}) end
    join users q on q.id = r.requester_id
    left join workspaces w on w.id = r.workspace_id
    left join user_groups g on g.id = r.user_group_id
    left join roles a on a.id = r.role_id
    left join roles d on d.id = r.decided_role_id`,
  write: (mail, texts, pageOf) =>
    mail.isToRequester
      ? texts.render('access-decision', mail.language, () => ({
          ...valuesOf(mail, pageOf, 'ask-for-access'),
          approved: mail.isApproved ? 'yes' : null,
        }))
      : texts.render('access-request', mail.language, () => ({
          ...valuesOf(mail, pageOf, 'access-requests'),
          requester: truncated(mail.requesterEmail),
        })),
};

/** The reason is left out, since mail programs turn addresses in it into links. */
const valuesOf = (mail: AccessRequestMail, pageOf: PageOf, page: string) => ({
  ...memberValues(mail),
  workspace: mail.workspaceName && shownName(mail.workspaceName),
  role: mail.roleName && shownName(mail.roleName),
  group: mail.userGroupName && shownName(mail.userGroupName),
  link: pageOf(mail.orgId, `settings/${page}`),
});

/** Mails about access requests (docs/contract/access-requests.md#mails). Reads tables of other modules. */
@Injectable()
export class AccessRequestMailsRepository implements OnModuleInit {
  constructor(
    private readonly sql: Sql,
    private readonly outbox: OutboxJob,
  ) {}

  onModuleInit(): void {
    this.outbox.add(KIND);
  }

  async queueForDeciders(requestId: string): Promise<void> {
    if (!this.outbox.isConfigured) return;
    const deciders = await this.sql.rows<{ orgId: string; userId: string }>(FIND_DECIDERS, [requestId]);
    await this.outbox.queue(
      KIND.name,
      deciders.map((decider) => ({ ...decider, about: [requestId] })),
    );
  }

  async queueForRequester(requestId: string, orgId: string, userId: string): Promise<void> {
    await this.outbox.queue(KIND.name, [{ orgId, userId, about: [requestId] }]);
  }
}
