import type { MailValues } from '../../common/mail/mail-placeholders.js';
import { dateIn, shownName, truncated } from '../../common/mail/mail-texts.js';
import { MAX_LISTED } from './expiry-email.js';

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

/** The content of a mail about memberships and roles that end soon. Names are not sanitized. */
export type AccessEndEmail = {
  readonly orgId: string;
  readonly email: string;
  readonly fullName: string | null;
  readonly orgName: string;
  /** Null: that of the installation. */
  readonly language: string | null;
  /** Those that end first come first. */
  readonly ends: readonly EndOfAccess[];
};

/** @param consoleUrl null: there is no console, or its address is unknown */
export function accessEndValues(
  { email, fullName, orgId, orgName, ends }: AccessEndEmail,
  consoleUrl: string | null,
  language: string,
): MailValues<'access-end'> {
  const more = ends.length - MAX_LISTED;
  return {
    email,
    name: fullName && shownName(fullName),
    organization: shownName(orgName),
    more_ends: more > 0 ? String(more) : null,
    ends: ends.slice(0, MAX_LISTED).map((end) => ({
      person: end.personEmail && truncated(end.personEmail),
      group: end.userGroupName && shownName(end.userGroupName),
      workspace: end.workspaceName && shownName(end.workspaceName),
      role: end.roleName && shownName(end.roleName),
      next_role: end.nextRoleName && shownName(end.nextRoleName),
      ends_at: dateIn(language).format(new Date(end.endsAt)),
      link: consoleUrl && `${consoleUrl}/organizations/${orgId}/${pageOf(end)}`,
    })),
  };
}

/** The page of the console on which the end can be moved. */
function pageOf({ userGroupId, workspaceId, identityId }: EndOfAccess): string {
  if (userGroupId) return `settings/user-groups/${userGroupId}`;
  return workspaceId ? `workspaces/${workspaceId}/members` : `settings/members/${identityId}`;
}
