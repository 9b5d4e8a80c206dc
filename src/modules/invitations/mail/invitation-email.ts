import type { MailValues } from '../../../common/mail/mail-placeholders.js';
import { dateIn, regional, shownName } from '../../../common/mail/mail-texts.js';

/** The content of an invitation e-mail. Names are not sanitized. */
export type InvitationEmail = {
  id: string;
  orgId: string;
  email: string;
  fullName: string | null;
  inviterName: string | null;
  /** Null if an API key created the invitation. */
  inviterEmail: string | null;
  orgName: string;
  /** Null: that of the installation. */
  language: string | null;
  workspaces: readonly { readonly name: string; /** As `accessEndsAt`. */ readonly endsAt: string | null }[];
  /** When the offer ends. */
  expiresAt: Date | null;
  /** Until then. */
  hoursLeft: number | null;
  /** When the membership that it offers ends, as PostgreSQL writes it in JSON. Null: permanent. */
  accessEndsAt: string | null;
  /** False also for an account whose password an admin chose for the invitation: the person chooses another one. */
  hasAccount: boolean;
};

type Links = {
  /** Of the installation. */
  link: string | null;
  /** With which the user sets a password and accepts. */
  passwordLink: string | null;
};

const MAX_NAMED_WORKSPACES = 10;

/** Without a password link it is no secret: only the user who signs in with the address can accept. */
export const invitationValues = (
  email: InvitationEmail,
  { link, passwordLink }: Links,
  language: string,
): MailValues<'invitation'> => ({
  email: email.email,
  name: email.fullName && shownName(email.fullName),
  inviter: inviterOf(email),
  organization: shownName(email.orgName),
  link,
  password_link: passwordLink,
  hours: passwordLink && email.expiresAt && String(email.hoursLeft),
  expires_at: email.expiresAt && dateIn(language).format(email.expiresAt),
  ...workspaces(
    email.workspaces.map(({ name }) => shownName(name)),
    language,
  ),
  ends: ends(email, language),
});

/** With the address, which the inviter did not choose freely. */
function inviterOf({ inviterName, inviterEmail }: InvitationEmail): string | null {
  const name = shownName(inviterName ?? '');
  return inviterEmail && /\p{L}/u.test(name) ? `${name} (${inviterEmail})` : inviterEmail;
}

function workspaces(names: readonly string[], language: string) {
  const more = names.length - MAX_NAMED_WORKSPACES;
  const type = more > 0 ? 'unit' : 'conjunction'; // "A, B" before "and 3 more", or "A and B"
  const list = new Intl.ListFormat(regional(language), { type }).format(names.slice(0, MAX_NAMED_WORKSPACES));
  return {
    one_workspace: names.length === 1 ? list : null,
    workspaces: names.length > 1 ? list : null,
    more_workspaces: more > 0 ? String(more) : null,
  };
}

/** Those of the named workspaces in which access ends before that to the organization does. */
function ends({ accessEndsAt, workspaces: named }: InvitationEmail, language: string) {
  const inWorkspaces = named
    .slice(0, MAX_NAMED_WORKSPACES)
    .filter(({ endsAt }) => endsAt && (!accessEndsAt || new Date(endsAt) < new Date(accessEndsAt)))
    .map(({ name, endsAt }) => ({ workspace: shownName(name), endsAt }));
  return [{ workspace: null, endsAt: accessEndsAt }, ...inWorkspaces].flatMap(({ workspace, endsAt }) =>
    endsAt ? [{ workspace, ends_at: dateIn(language).format(new Date(endsAt)) }] : [],
  );
}
