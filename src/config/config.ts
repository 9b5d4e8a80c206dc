import type { LogLevel } from '../common/logging/server-log.js';
import type { MailServer } from '../common/mail/mailer.js';
import type { MailAppearance } from '../common/mail/texts/mail-texts.js';
import type { TracingSettings } from '../common/otlp/tracing-settings.js';
import type { HashQueueBounds } from '../common/secrets/hash-queue.js';
import type { HashingCost } from '../common/secrets/password-hasher.js';
import type { BootstrapItem } from './bootstrap-items.js';
import type { FeatureFlags } from './feature-flags.js';
import type { SsoConfig } from './sso-config.js';

/** The configuration of this installation, deeply frozen. */
export abstract class Config {
  /** What the operator should know about the settings; holds no secret. */
  abstract readonly warnings: readonly string[];
  abstract readonly server: {
    readonly host: string;
    /** 0: any free port. */
    readonly port: number;
    /** 0: any free port. Null: metrics are on the main port while `host` is a loopback address, and nowhere else. */
    readonly metricsPort: number | null;
    /** The public base URL, without a trailing slash. */
    readonly publicUrl: string | null;
    /** Addresses and networks whose `X-Forwarded-For` is trusted. */
    readonly trustedProxies: readonly string[];
    readonly corsAllowedOrigins: '*' | readonly string[];
    /** Matches whole origins; takes the place of the list. */
    readonly corsAllowedOriginsRegex: RegExp | null;
    /** Whether the console is served below `/console/`. */
    readonly consoleIsEnabled: boolean;
    /** How long requests are answered after readiness has begun to fail. */
    readonly shutdownDrainSeconds: number;
  };
  abstract readonly database: {
    /** Null: the embedded database. */
    readonly url: string | null;
    /** The same database without a transaction pooler, for features of a session; null if `url` is. */
    readonly directUrl: string | null;
    /** Null: the one that the role or the database has. */
    readonly schema: string | null;
    /** An absolute path. */
    readonly dataDirectory: string;
    /** Null if `url` is set. */
    readonly embeddedPassword: string | null;
    readonly poolSize: number;
    /** How long a start waits for the database. */
    readonly waitSeconds: number;
    /** How long a migration waits for a lock before it is tried again. */
    readonly migrationLockSeconds: number;
    /** The share of the connections that may be in transactions at a time, in percent. */
    readonly transactionsPercent: number;
    /** Limits of each connection; 0 turns one off. */
    readonly limits: {
      /** To open a connection, or to wait for a free one. */
      readonly connectSeconds: number;
      readonly statementSeconds: number;
      readonly lockSeconds: number;
      readonly idleInTransactionSeconds: number;
      /** Idle time before TCP sends keep-alive probes. */
      readonly keepAliveSeconds: number;
    };
  };
  /** Of recognised callers and of what belongs to them (docs/contract/installation.md#caching). */
  abstract readonly callerCache: {
    /** Whether this replica uses what it has cached; otherwise each request asks the database. */
    readonly isOn: boolean;
    /** In each cache; the least recently used entry is dropped. */
    readonly maxEntries: number;
  };
  /** PEM certificates of authorities that every connection of this process trusts besides those of Node. */
  abstract readonly trustedCertificatesFile: string | null;
  /** Of unpaged lists that are too long for one batch; 0 turns the last two off. */
  abstract readonly lists: {
    /** How long a request waits while as many as allowed are being sent. */
    readonly waitSeconds: number;
    /** How long a client may take to receive the next batch. */
    readonly stallSeconds: number;
    /** How long a client may take to receive all but the end of a list. */
    readonly totalSeconds: number;
  };
  abstract readonly log: { readonly level: LogLevel };
  /** Null: traces are not exported. */
  abstract readonly tracing: TracingSettings | null;
  abstract readonly bootstrap: {
    readonly orgName: string;
    readonly workspaceName: string;
    /** In canonical form. */
    readonly adminEmail: string | null;
    readonly adminPassword: string | null;
    /** Applied to the default organization once, in this order. */
    readonly items: readonly BootstrapItem[];
  };
  abstract readonly basicAuth: {
    readonly jwtSecret: string;
    readonly sessionSeconds: number;
    /** Not a setting; tests, which create thousands of accounts, use a cheaper one. */
    readonly hashing: HashingCost;
    /** Not a setting either. */
    readonly hashQueue: HashQueueBounds;
  };
  /** Null: password login (basic auth). */
  abstract readonly sso: SsoConfig | null;
  /** For the organizations' single sign-on settings, which exist with basic auth as well. */
  abstract readonly ssoSettings: { readonly allowPrivateMetadataUrls: boolean };
  abstract readonly apiKeys: { readonly salt: string };
  /** Null: no mail is sent. */
  abstract readonly mail: MailServer | null;
  abstract readonly mailAppearance: MailAppearance;
  abstract readonly flags: FeatureFlags;
  abstract readonly audit: {
    /** 0: entries are kept forever. */
    readonly retentionDays: number;
    readonly sealSeconds: number;
    readonly sealSecret: string;
  };
  /** Days after which rows are removed; 0: never. */
  abstract readonly retention: {
    /** After an invitation expired, or was declined or revoked. */
    readonly invitationDays: number;
    /** After an API key or a SCIM token expired. */
    readonly keyDays: number;
    /** After a workspace was deleted. */
    readonly deletedWorkspaceDays: number;
    /** How often rows are removed. */
    readonly intervalSeconds: number;
  };
  abstract readonly limits: {
    /** 0: invitations never expire. */
    readonly invitationTtlDays: number;
    /** The seat limit of new organizations; -1: no limit. */
    readonly maxIdentities: number;
    readonly maxWorkspaces: number;
    /** Whether new organizations have user groups. */
    readonly canUseUserGroups: boolean;
  };
  /**
   * Characters that an organization may choose to separate the parts of group names
   * (docs/contract/organizations.md#scim-separators).
   */
  abstract readonly groupNameSeparators: string;
  /** 0 turns a limit off. */
  abstract readonly rateLimits: {
    /** Per session or key. */
    readonly requestsPerMinute: number;
    /** Per SCIM token, which serves all users of an organization. */
    readonly scimRequestsPerMinute: number;
    /** Per workspace or organization. */
    readonly inviteBatchesPerMinute: number;
    readonly loginsPerAddressPerMinute: number;
    readonly loginsPerIpv6Net56PerMinute: number;
    readonly loginsPerIpv6Net48PerMinute: number;
    /** In the whole installation, from networks without a recent successful login. */
    readonly loginsOfNewNetworksPerMinute: number;
    /** From all networks together, except those from which this account logged in recently. */
    readonly loginsPerEmailPerMinute: number;
    readonly loginsPerEmailAndNetworkPerMinute: number;
  };
}
