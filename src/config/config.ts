import type { HashQueueBounds } from '../common/secrets/hash-queue.js';
import type { HashingCost } from '../common/secrets/password-hasher.js';
import type { FeatureFlags } from './feature-flags.js';
import type { SsoConfig } from './sso-config.js';
import type { Mailbox } from './variable-readers.js';

/** How this installation is set up: the one object the app injects, frozen in depth. */
export abstract class Config {
  abstract readonly server: {
    readonly host: string;
    /** 0: any free one. */
    readonly port: number;
    /** Where browsers reach us, without a slash at the end. */
    readonly publicUrl: string | null;
    /** Addresses and networks whose `X-Forwarded-For` is believed. */
    readonly trustedProxies: readonly string[];
    readonly corsAllowedOrigins: '*' | readonly string[];
    /** Matches whole origins; when given, it takes the place of the list. */
    readonly corsAllowedOriginsRegex: RegExp | null;
  };
  abstract readonly database: {
    /** Null: the embedded database. */
    readonly url: string | null;
    /** Absolute. */
    readonly dataDirectory: string;
    /** Null when a url is given. */
    readonly embeddedPassword: string | null;
    readonly poolSize: number;
    /** How long a start waits for it. */
    readonly waitSeconds: number;
    /** How many of a hundred connections may be in transactions at a time. */
    readonly transactionsPercent: number;
    /** Of each connection; 0 turns one off. */
    readonly limits: {
      /** To open a connection, or to wait for a free one. */
      readonly connectSeconds: number;
      readonly statementSeconds: number;
      readonly lockSeconds: number;
      readonly idleInTransactionSeconds: number;
      /** Without traffic before TCP asks whether the other end is there. */
      readonly keepAliveSeconds: number;
    };
  };
  abstract readonly bootstrap: {
    readonly orgName: string;
    readonly workspaceName: string;
    /** Canonical. */
    readonly adminEmail: string | null;
    readonly adminPassword: string | null;
  };
  abstract readonly basicAuth: {
    readonly jwtSecret: string;
    readonly sessionSeconds: number;
    /** No setting: only tests, which make thousands of accounts, take a cheaper one. */
    readonly hashing: HashingCost;
    /** No setting, either. */
    readonly hashQueue: HashQueueBounds;
  };
  /** Null: people log in with passwords (basic auth). */
  abstract readonly sso: SsoConfig | null;
  /** Of the organizations' settings for single sign-on, which exist in basic auth too. */
  abstract readonly ssoSettings: { readonly allowPrivateMetadataUrls: boolean };
  abstract readonly apiKeys: { readonly salt: string };
  /** Null: no mail is sent. */
  abstract readonly mail: { readonly smtpUrl: string; readonly from: Mailbox } | null;
  abstract readonly flags: FeatureFlags;
  abstract readonly audit: {
    /** 0: entries are kept for ever. */
    readonly retentionDays: number;
    readonly sealSeconds: number;
    readonly sealSecret: string;
  };
  abstract readonly limits: {
    /** 0: invitations never expire. */
    readonly invitationTtlDays: number;
    /** Of every organization the server makes; -1: no limit. */
    readonly maxIdentities: number;
    readonly maxWorkspaces: number;
  };
  /** Characters that an organization may choose to stand between the parts of group names (semantics, section 11). */
  abstract readonly groupNameSeparators: string;
  /** 0 turns one off. */
  abstract readonly rateLimits: {
    /** Per credential. */
    readonly requestsPerMinute: number;
    /** Per workspace or organization. */
    readonly inviteBatchesPerMinute: number;
    readonly loginsPerAddressPerMinute: number;
    readonly loginsPerIpv6Net56PerMinute: number;
    readonly loginsPerIpv6Net48PerMinute: number;
    /** Over the installation, from networks without a recent successful login. */
    readonly loginsOfNewNetworksPerMinute: number;
    /** From all networks together, but for those from which this account logged in recently. */
    readonly loginsPerEmailPerMinute: number;
    readonly loginsPerEmailAndNetworkPerMinute: number;
  };
}
