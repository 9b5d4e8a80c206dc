import type { MailValues } from '../../common/mail/mail-placeholders.js';
import { dateIn, shownName, truncated } from '../../common/mail/mail-texts.js';
import { type MailKind, type MemberMail, memberValues, type PageOf } from '../notices/index.js';
import { endOfDay, mailWithList, statementsFor } from './announcements.repository.js';
import { MAX_LISTED } from './credential-expiries.js';

/** Read from the tables, whose indexes by the end the views cannot use. What has ended is not among them. */
const ENDS_SOON = `access_expires_at > now() and access_expires_at < ${endOfDay('7')}`;

/** A membership in a group has no id of its own. */
const GROUP_MEMBER = `user_group_id || '/' || user_id`;

/** A moved end is told again: to the member, and to the user who set it; of a role of a group, to the latter only. */
export const ACCESS_ENDS = statementsFor('access_ends', {
  subjects: `
    select id, id::text as subject, null as kind, org_id, user_id, access_expires_set_by_user_id as set_by,
      created_at, access_expires_at as expires_at
    from org_memberships where ${ENDS_SOON}
    union all
    select id, id::text, null, org_id, user_id, access_expires_set_by_user_id, created_at, access_expires_at
    from workspace_memberships where ${ENDS_SOON}
    union all
    select user_group_id, ${GROUP_MEMBER}, null, org_id, user_id, access_expires_set_by_user_id, created_at,
      access_expires_at
    from user_group_members where ${ENDS_SOON}
    union all
    select id, id::text, null, org_id, null, access_expires_set_by_user_id, created_at, access_expires_at
    from user_groups where ${ENDS_SOON}`,
  days: '1, 7',
  condition: '(c.user_id is null or not p.is_disabled)',
  isTold: '=',
  recipients: `
    select c.user_id where c.user_id is not null
    union
    select s.user_id from current_org_memberships s
    where s.org_id = c.org_id and s.user_id = c.set_by and not s.is_disabled`,
});

type EndOfAccess = {
  /** Null: the recipient. */
  readonly personEmail: string | null;
  /** Of the person. Null: it is the role of a user group. */
  readonly identityId: string | null;
  /** In which the membership is, or whose role it is. */
  readonly userGroupId: string | null;
  readonly userGroupName: string | null;
  /** Null: of the organization. */
  readonly workspaceId: string | null;
  readonly workspaceName: string | null;
  /** Null: it is the membership in a user group. */
  readonly roleName: string | null;
  /** Null: the membership ends. */
  readonly nextRoleName: string | null;
  /** As PostgreSQL writes it in JSON. */
  readonly endsAt: string;
};

/** Names are not sanitized. Those that end first come first. */
type AccessEndMail = MemberMail & { readonly ends: readonly EndOfAccess[] };

/** Mails about memberships and roles that end soon (docs/contract/members.md#mails-before-the-end). */
export const ACCESS_END_MAILS: MailKind<AccessEndMail> = {
  name: 'access-end-mails',
  ...mailWithList({
    list: 'ends',
    items: `
      select e.subject, e.expires_at,
        jsonb_build_object('personEmail', case when e.user_id <> m.user_id then i.user_email end,
          'identityId', i.id, 'userGroupId', g.id, 'userGroupName', coalesce(parent.name, g.name),
          'workspaceId', coalesce(e.workspace_id, g.workspace_id), 'workspaceName', w.display_name,
          'roleName', r.display_name, 'nextRoleName', n.display_name, 'endsAt', e.expires_at) as item
      from (
        select id::text as subject, user_id, null::uuid as user_group_id, null::uuid as workspace_id, role_id,
          reverts_to_role_id, access_expires_set_by_user_id as set_by, access_expires_at as expires_at
        from org_memberships where id = any(its.ids) and org_id = m.org_id and ${ENDS_SOON}
        union all
        select id::text, user_id, null, workspace_id, role_id, reverts_to_role_id, access_expires_set_by_user_id,
          access_expires_at
        from workspace_memberships where id = any(its.ids) and org_id = m.org_id and ${ENDS_SOON}
        union all
        select ${GROUP_MEMBER}, user_id, user_group_id, null, null, null, access_expires_set_by_user_id, access_expires_at
        from user_group_members
        where user_group_id = any(its.ids) and ${GROUP_MEMBER} = any(m.about) and org_id = m.org_id and ${ENDS_SOON}
        union all
        select id::text, null, parent_user_group_id, workspace_id, role_id, null, access_expires_set_by_user_id,
          access_expires_at
        from user_groups where id = any(its.ids) and org_id = m.org_id and ${ENDS_SOON}) e
        left join current_org_memberships i on i.org_id = m.org_id and i.user_id = e.user_id
        left join user_groups g on g.id = e.user_group_id
        left join user_groups parent on parent.id = g.parent_user_group_id
        left join roles r on r.id = e.role_id
        left join roles n on n.id = e.reverts_to_role_id
        left join workspaces w on w.id = coalesce(e.workspace_id, g.workspace_id)
      where m.user_id in (e.user_id, e.set_by) and (i.id is not null or e.user_id is null)`,
  }),
  write: (mail, texts, pageOf) =>
    texts.render('access-end', mail.language, (language) => accessEndValues(mail, pageOf, language)),
};

function accessEndValues(mail: AccessEndMail, pageOf: PageOf, language: string): MailValues<'access-end'> {
  const more = mail.ends.length - MAX_LISTED;
  return {
    ...memberValues(mail),
    more_ends: more > 0 ? String(more) : null,
    ends: mail.ends.slice(0, MAX_LISTED).map((end) => ({
      person: end.personEmail && truncated(end.personEmail),
      group: end.userGroupName && shownName(end.userGroupName),
      workspace: end.workspaceName && shownName(end.workspaceName),
      role: end.roleName && shownName(end.roleName),
      next_role: end.nextRoleName && shownName(end.nextRoleName),
      ends_at: dateIn(language).format(new Date(end.endsAt)),
      link: pageOf(mail.orgId, pathOf(end)),
    })),
  };
}

/** The page of the console on which the end can be moved. */
function pathOf({ userGroupId, workspaceId, identityId }: EndOfAccess): string {
  if (userGroupId) return `settings/user-groups/${userGroupId}`;
  return workspaceId ? `workspaces/${workspaceId}/members` : `settings/members/${identityId}`;
}
