import type { MailValues } from '../../common/mail/mail-placeholders.js';
import { dateIn, truncated } from '../../common/mail/mail-texts.js';
import { type MailKind, type MemberMail, memberValues, type PageOf } from '../notices/index.js';
import { ORG_ADMIN_ID } from '../roles/index.js';
import { endOfDay, mailWithList, statementsFor } from './announcements.repository.js';

const MAX_ADMINS = 20;

const EXPIRES_SOON = `expires_at > now() and expires_at < ${endOfDay('14')}`;

/** A later expiry is told again. To the owner, or to admins about what has no owner. */
export const CREDENTIAL_EXPIRIES = statementsFor('credential_expiries', {
  subjects: `
    select id, id::text as subject,
      case kind when 'pat' then 'personal_access_token' else 'service_key' end as kind, org_id, user_id, null::uuid as set_by,
      created_at, expires_at
    from api_keys where ${EXPIRES_SOON} and revoked_at is null
    union all
    select id, id::text, 'scim_token', org_id, null, null, created_at, expires_at from scim_tokens where ${EXPIRES_SOON}`,
  days: '1, 7, 14',
  condition: 'p.is_disabled is not true',
  isTold: '>=',
  recipients: `
    select c.user_id where c.user_id is not null
    union all
    select user_id from (
      select user_id from current_org_memberships where org_id = $1 and role_id = '${ORG_ADMIN_ID}' and not is_disabled
      order by created_at, id limit ${MAX_ADMINS}) admins
    where c.user_id is null`,
});

type ExpiringCredential = {
  readonly kind: 'pat' | 'service' | 'scim';
  readonly shortKey: string;
  readonly description: string;
  /** As PostgreSQL writes it in JSON. */
  readonly expiresAt: string;
};

/** Those that expire first come first. */
export type ExpiryMail = MemberMail & { readonly credentials: readonly ExpiringCredential[] };

/** Mails about keys and tokens that expire soon (docs/contract/keys.md#mails-before-the-expiry). */
export const EXPIRY_MAILS: MailKind<ExpiryMail> = {
  name: 'expiry-mails',
  ...mailWithList({
    list: 'credentials',
    items: `
      select id::text as subject, expires_at, jsonb_build_object('kind', kind, 'shortKey', short_key,
        'description', description, 'expiresAt', expires_at) as item
      from (
        select id, user_id, kind, short_key, description, expires_at from api_keys
        where id = any(its.ids) and org_id = m.org_id and ${EXPIRES_SOON} and revoked_at is null
        union all
        select id, null, 'scim', short_token, description, expires_at from scim_tokens
        where id = any(its.ids) and org_id = m.org_id and ${EXPIRES_SOON}) c
      where c.user_id = m.user_id or (c.user_id is null and p.role_id = '${ORG_ADMIN_ID}')`,
  }),
  write: (mail, texts, pageOf) =>
    texts.render('expiry', mail.language, (language) => expiryValues(mail, pageOf, language)),
};

export const MAX_LISTED = 50;

/** The page of the console on which a key or token can be replaced. */
const PAGES = { pat: 'tokens', service: 'service-keys', scim: 'provisioning' } as const;

export function expiryValues(mail: ExpiryMail, pageOf: PageOf, language: string): MailValues<'expiry'> {
  const more = mail.credentials.length - MAX_LISTED;
  return {
    ...memberValues(mail),
    more_credentials: more > 0 ? String(more) : null,
    credentials: mail.credentials.slice(0, MAX_LISTED).map(({ kind, shortKey, description, expiresAt }) => ({
      personal_access_token: flag(kind === 'pat'),
      service_key: flag(kind === 'service'),
      scim_token: flag(kind === 'scim'),
      short_key: shortKey,
      description: truncated(description),
      expires_at: dateIn(language).format(new Date(expiresAt)),
      link: pageOf(mail.orgId, `settings/${PAGES[kind]}`),
    })),
  };
}

/** For a section of a template. */
const flag = (is: boolean) => (is ? 'yes' : null);
