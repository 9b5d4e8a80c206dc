import { type MailTexts, type RenderedMail, shownName } from '../../common/mail/mail-texts.js';

/** A single-use link in a mail. It is stored only if `claim` returns true: if the mail is still due. */
export type MailedLink = {
  issue(claim: () => Promise<boolean>): Promise<boolean>;
  /** The mail server refused the mail. */
  withdraw(): Promise<void>;
};

export type WrittenMail = RenderedMail & { readonly link?: MailedLink | null };

/** The address of a page of the console; null if there is no console, or its address is unknown. */
export type PageOf = (orgId: string, path: string) => string | null;

/** One kind of mails. The module that wants them adds it to `OutboxJob`. */
export type MailKind<Mail extends { readonly email: string }> = {
  readonly name: string;
  /** In SQL: what `write` needs of the mail `m`, with the address as `email`. */
  readonly columns: string;
  /** In SQL, after `from mails m`: joins and conditions. Without a row, the mail is no longer due; asked again when it is claimed. */
  readonly from: string;
  /** Null: nothing is to be sent. */
  write(mail: Mail, texts: MailTexts, pageOf: PageOf): WrittenMail | null | Promise<WrittenMail | null>;
};

/** Of a mail to a member. Names are not sanitized. */
export type MemberMail = {
  readonly orgId: string;
  readonly email: string;
  readonly fullName: string | null;
  readonly orgName: string;
  /** Null: that of the installation. */
  readonly language: string | null;
};

/** In SQL: `MemberMail` of the membership `p` of the user `u` in the organization `o`, unless one of these is disabled. */
export const TO_MEMBER = {
  columns: `m.org_id as "orgId", u.email, u.full_name as "fullName", o.display_name as "orgName",
    o.mail_language as language`,
  from: `
    join current_org_memberships p on p.org_id = m.org_id and p.user_id = m.user_id and not p.is_disabled
    join organizations o on o.id = m.org_id and not o.is_disabled
    join users u on u.id = m.user_id`,
};

export const memberValues = ({ email, fullName, orgName }: Omit<MemberMail, 'orgId' | 'language'>) => ({
  email,
  name: fullName && shownName(fullName),
  organization: shownName(orgName),
});
