import type { Mailbox } from '../common/mail/mailer.js';
import { InvalidMailTemplates } from '../common/mail/errors.js';
import { loadMailTemplates, type MailTemplates } from '../common/mail/mail-templates.js';
import { InvalidVariable } from './environment.errors.js';
import {
  boolean,
  email,
  type Parser,
  integer,
  limit,
  matching,
  networks,
  notBlank,
  proxyUrl,
  text,
  visibleName,
} from './parsers.js';
import { SERVER_SETTINGS } from './server-settings.js';
import { secret, setting, settingsIn, type ValuesOf } from './setting.js';
import { SIGN_IN_SETTINGS } from './sign-in-settings.js';

const days = integer(0, 36_500);

const separators = matching(
  /^[^\p{L}\p{M}\p{N}\p{C}]+$/u,
  'may hold no letters, digits and control characters',
);

/** Encrypted from the start (smtps), or with STARTTLS if the server offers it (smtp). */
const smtpUrl: Parser<string> = (value) => {
  if (!/^smtps?:\/\//.test(value) || !URL.parse(value)?.hostname) {
    throw new InvalidVariable('must be a URL: smtp://user:password@host:port or smtps://…');
  }
  return value;
};

const NAMED = /^(?<name>[^<>\p{C}]*)<(?<address>[^<>]+)>$/u;

const mailbox: Parser<Mailbox> = (value) => {
  const { name = '', address = value } = NAMED.exec(value.trim())?.groups ?? {};
  return { name: name.trim().replace(/^"(.*)"$/, '$1'), address: email(address) };
};

/** The templates in a folder, which have been checked. */
const mailTemplates: Parser<MailTemplates> = (folder) => {
  try {
    return loadMailTemplates(folder);
  } catch (error) {
    if (error instanceof InvalidMailTemplates)
      throw new InvalidVariable(`has templates that cannot be used: ${error.message}`, { cause: error });
    throw error;
  }
};

/** As a mail client loads it. */
const httpsUrl: Parser<string> = (value) => {
  const url = URL.parse(value);
  if (url?.protocol !== 'https:' || url.username || url.password)
    throw new InvalidVariable('must be an https URL without credentials');
  return url.href;
};

const color: Parser<string> = (value) =>
  matching(/^#[0-9a-f]{6}$/i, 'must be a color such as #1c5d50')(value).toLowerCase();

/** All settings, in the order of `.env.example`. */
export const SETTINGS = {
  ...SERVER_SETTINGS,
  ...SIGN_IN_SETTINGS,

  // --- Feature flags ---
  flags: {
    /** Workspace admins may invite new people to the organization. Unset: each organization decides. */
    workspaceScopeOrgInvites: setting(
      ['WORKSPACE_SCOPE_ORG_INVITES_ENABLED', 'FF_WORKSPACE_SCOPE_ORG_INVITES_ENABLED'],
      boolean,
    ),
    /** No user gets a personal organization. Always the case with password login. */
    personalOrgsDisabled: setting(['PERSONAL_ORGS_DISABLED', 'FF_PERSONAL_ORGS_DISABLED'], boolean, 'true'),
    /** Users cannot create organizations. Always the case with password login. */
    orgCreationDisabled: setting(['ORG_CREATION_DISABLED', 'FF_ORG_CREATION_DISABLED'], boolean, 'true'),
    /** GET /api/v1/info returns 401 without credentials. */
    infoEndpointAuthRequired: setting(
      ['INFO_ENDPOINT_AUTH_REQUIRED', 'FF_INFO_ENDPOINT_AUTH_REQUIRED'],
      boolean,
      'false',
    ),
    /** Personal access tokens cannot be created. */
    patCreationDisabled: setting('PAT_CREATION_DISABLED', boolean, 'false'),
    /** Users who sign in for the first time may join the default organization, if it allows that. */
    jitProvisioning: setting('SELF_HOSTED_JIT_PROVISIONING_ENABLED', boolean, 'true'),
    /**
     * Usage limits, stats and retention of traces are empty instead of 404, for a front end of LangSmith whose only
     * server this is.
     */
    emptyUsageResponses: setting('EMPTY_USAGE_RESPONSES', boolean, 'false'),
  },

  // --- Requests to addresses of organizations ---
  outbound: {
    /**
     * Addresses and networks (10.0.0.0/8) separated by commas that organizations may have requested besides public ones,
     * also without TLS: for webhooks and log streams. Names must lead there in DNS; /etc/hosts and search domains do not count.
     * Loopback networks may be named, but not link-local and metadata addresses, nor the other addresses of this server.
     */
    allowedNetworks: setting('OUTBOUND_ALLOWED_NETWORKS', networks, ''),
    /**
     * A proxy for these requests, http://user:password@proxy.example.com:3128. It decides where names may lead; this
     * server then resolves none, and requests nothing without TLS.
     */
    proxy: secret('OUTBOUND_PROXY', proxyUrl),
  },

  // --- Audit log ---
  audit: {
    /** Minimum number of days that entries are kept; 0: for ever. */
    retentionDays: setting('AUDIT_RETENTION_DAYS', days, '400'),
    /** Interval in seconds at which new entries are sealed and entries past the retention are removed. */
    sealSeconds: setting('AUDIT_SEAL_SECONDS', integer(1, 3600), '5'),
    /**
     * The secret of the seals of the audit log; unset, API_KEY_SALT is used. When you change API_KEY_SALT, set this to
     * the old salt: seals made with one secret cannot be checked with another.
     */
    sealSecret: secret('AUDIT_SEAL_SECRET', notBlank),
  },

  // --- Retention ---
  retention: {
    /** Days after which an invitation that expired, or was declined or revoked, is removed with its mails; 0: never. */
    invitationDays: setting('INVITATION_RETENTION_DAYS', days, '180'),
    /** Days after which an expired API key or SCIM token is removed; 0: never. */
    keyDays: setting('KEY_RETENTION_DAYS', days, '180'),
    /**
     * Days after which a deleted workspace is no longer listed with include_deleted, and its id is free again; 0:
     * never.
     */
    deletedWorkspaceDays: setting('DELETED_WORKSPACE_RETENTION_DAYS', days, '400'),
    /**
     * Interval in seconds at which expired invitations are counted out of the seats and rows past their retention are
     * removed, and mails about keys and tokens that expire soon are queued.
     */
    intervalSeconds: setting('REMOVAL_INTERVAL_SECONDS', integer(1, 86_400), '600'),
  },

  // --- Mail ---
  mail: {
    /**
     * The server that sends mails: smtp://user:password@host:port, or smtps:// for implicit TLS. Unset, no mail is
     * sent. The link in an invitation leads to LANGSMITH_URL; where that is unset, there is no link.
     */
    smtpUrl: secret('SMTP_URL', smtpUrl),
    /** The sender of the mails: an address, or a name and an address as in Example <mail@example.com>. */
    from: setting('MAIL_FROM', mailbox),
  },
  mailAppearance: {
    /** The name of the product in mails. */
    productName: setting(
      'MAIL_PRODUCT_NAME',
      visibleName('must have visible characters and no control characters'),
      'Tenantry',
    ),
    /** An image beside the name, which mail clients load from this https address. */
    logoUrl: setting('MAIL_LOGO_URL', httpsUrl),
    /** The color of the heading. */
    accentColor: setting('MAIL_ACCENT_COLOR', color, '#1c5d50'),
    /** The color of the page around it. */
    backgroundColor: setting('MAIL_BACKGROUND_COLOR', color, '#f3f5f6'),
    /** The language of mails of organizations that have not chosen one. */
    language: setting('MAIL_LANGUAGE', text, 'en'),
    /** A folder with templates in place of mail-templates/, in any languages; it is checked at the start. */
    templates: setting('MAIL_TEMPLATES_DIR', mailTemplates),
  },

  // --- Limits ---
  limits: {
    /** Days until an invitation expires; 0: never. */
    invitationTtlDays: setting('INVITATION_TTL_DAYS', days, '30'),
    /** Days until an access request expires that was not decided. */
    accessRequestTtlDays: setting('ACCESS_REQUEST_TTL_DAYS', integer(1, 365), '14'),
    /** Seats of an organization, pending invitations included; -1: no limit. */
    maxIdentities: setting('DEFAULT_ORG_MAX_IDENTITIES', limit, '-1'),
    /** Workspaces of an organization; -1: no limit. */
    maxWorkspaces: setting('DEFAULT_ORG_MAX_WORKSPACES', limit, '-1'),
    /** Whether organizations that are created from now on have user groups. */
    canUseUserGroups: setting('DEFAULT_ORG_FEATURE_CAN_USE_TEAMS', boolean, 'true'),
  },
  /**
   * Separators that an organization may choose for the parts of group names, one after another: ":-_ &" unless given
   * here.
   */
  groupNameSeparators: setting('FF_ALLOWED_SCIM_SEPARATORS', separators, ':-_ &'),
  rateLimits: {
    /**
     * Requests per minute and credential (a session or a key), over all replicas; 0 means no limit, also for those
     * below.
     */
    requestsPerMinute: setting('RATE_LIMIT_REQUESTS_PER_MINUTE', integer(0), '2000'),
    /**
     * Requests per minute and SCIM token; a bulk request counts once. Unset: six times RATE_LIMIT_REQUESTS_PER_MINUTE.
     */
    scimRequestsPerMinute: setting('RATE_LIMIT_SCIM_REQUESTS_PER_MINUTE', integer(0)),
    /** Invitation batches per minute and workspace or organization. */
    inviteBatchesPerMinute: setting('RATE_LIMIT_INVITE_BATCHES_PER_MINUTE', integer(0), '60'),
    /** Addresses that an organization invites within an hour. */
    invitedAddressesPerHour: setting('RATE_LIMIT_INVITED_ADDRESSES_PER_HOUR', integer(0), '5000'),
    /**
     * Login attempts per minute and client address; IPv6 addresses count by network (64 bits). As many logout tokens
     * that fail verification may an address send; valid ones are not limited.
     */
    loginsPerAddressPerMinute: setting('RATE_LIMIT_LOGINS_PER_MINUTE', integer(0), '60'),
    /**
     * Login attempts per minute and IPv6 network of 56 bits, what one subscriber has. Unset: as
     * RATE_LIMIT_LOGINS_PER_MINUTE.
     */
    loginsPerIpv6Net56PerMinute: setting('RATE_LIMIT_LOGINS_PER_IPV6_56_PER_MINUTE', integer(0)),
    /**
     * The same for IPv6 networks of 48 bits, what a site or a tunnel has. Unset: twice RATE_LIMIT_LOGINS_PER_MINUTE.
     */
    loginsPerIpv6Net48PerMinute: setting('RATE_LIMIT_LOGINS_PER_IPV6_48_PER_MINUTE', integer(0)),
    /**
     * Login attempts per minute over the whole installation from networks (IPv4 addresses, IPv6 networks of 56 bits)
     * without a successful login in the last 30 days. Other networks are not limited by it.
     */
    loginsOfNewNetworksPerMinute: setting('RATE_LIMIT_LOGINS_OF_NEW_NETWORKS_PER_MINUTE', integer(0), '600'),
    /**
     * Failed login attempts per minute and e-mail address, over all networks from which this account did not log in
     * during the last 30 days. Users may change their own password as often.
     */
    loginsPerEmailPerMinute: setting('RATE_LIMIT_LOGINS_PER_EMAIL_PER_MINUTE', integer(0), '10'),
    /**
     * Failed login attempts per minute, e-mail address and network. A network from which the account logged in during
     * the last 30 days is held to this limit only. Unset: as RATE_LIMIT_LOGINS_PER_EMAIL_PER_MINUTE.
     */
    loginsPerEmailAndNetworkPerMinute: setting(
      'RATE_LIMIT_LOGINS_PER_EMAIL_AND_NETWORK_PER_MINUTE',
      integer(0),
    ),
  },
};

export type SettingValues = ValuesOf<typeof SETTINGS>;

/** Every variable that sets something. */
export const VARIABLES: readonly string[] = settingsIn(SETTINGS).flatMap(({ variables }) => variables);
