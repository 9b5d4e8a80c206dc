import type { MailValues } from '../../common/mail/mail-placeholders.js';
import { dateIn, shownName, truncated } from '../../common/mail/mail-texts.js';

type ExpiringCredential = {
  readonly kind: 'pat' | 'service' | 'scim';
  readonly shortKey: string;
  readonly description: string;
  /** As PostgreSQL writes it in JSON. */
  readonly expiresAt: string;
};

/** The content of a mail about keys and tokens that expire soon. Names are not sanitized. */
export type ExpiryEmail = {
  readonly orgId: string;
  readonly email: string;
  readonly fullName: string | null;
  readonly orgName: string;
  /** Null: that of the installation. */
  readonly language: string | null;
  /** Those that expire first come first. */
  readonly credentials: readonly ExpiringCredential[];
};

export const MAX_LISTED = 50;

/** The page of the console on which a key or token can be replaced. */
const PAGES = { pat: 'tokens', service: 'service-keys', scim: 'provisioning' } as const;

/** @param consoleUrl null: there is no console, or its address is unknown */
export function expiryValues(
  { email, fullName, orgId, orgName, credentials }: ExpiryEmail,
  consoleUrl: string | null,
  language: string,
): MailValues<'expiry'> {
  const more = credentials.length - MAX_LISTED;
  return {
    email,
    name: fullName && shownName(fullName),
    organization: shownName(orgName),
    more_credentials: more > 0 ? String(more) : null,
    credentials: credentials.slice(0, MAX_LISTED).map(({ kind, shortKey, description, expiresAt }) => ({
      personal_access_token: flag(kind === 'pat'),
      service_key: flag(kind === 'service'),
      scim_token: flag(kind === 'scim'),
      short_key: shortKey,
      description: truncated(description),
      expires_at: dateIn(language).format(new Date(expiresAt)),
      link: consoleUrl && `${consoleUrl}/organizations/${orgId}/settings/${PAGES[kind]}`,
    })),
  };
}

/** For a section of a template. */
const flag = (is: boolean) => (is ? 'yes' : null);
