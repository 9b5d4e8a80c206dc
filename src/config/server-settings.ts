import {
  anchoredPattern,
  boolean,
  integer,
  isOn,
  logLevel,
  matching,
  networks,
  notBlank,
  oneOf,
  origins,
  publicUrl,
  readablePath,
  text,
} from './parsers.js';
import { postgresUrl } from './postgres-connection.js';
import { secret, setting } from './setting.js';
import { certificatesPath } from './sign-in-parsers.js';

/** Collectors accept JSON at the address of protobuf. */
const otlpProtocol = oneOf(
  ['http/json', 'http/protobuf'],
  'must be http/json or http/protobuf; traces are sent over HTTP only',
);

const schemaName = matching(
  /^(?!pg_)[a-z_]\w{0,39}$/i,
  'must be a name of letters, digits and _, at most 40, which does not begin with a digit or pg_',
);

export const SERVER_SETTINGS = {
  // --- Server ---
  server: {
    /** Address to listen on. */
    host: setting('HOST', matching(/^\S+$/, 'must be a host name or an IP address'), '127.0.0.1'),
    /** Port to listen on; 0 takes any free one. */
    port: setting('PORT', integer(0, 65_535), '1984'),
    /**
     * Port for Prometheus at /metrics, on the same HOST; 0 takes any free one. It also serves the probes, which stay on
     * PORT as well. Unset, /metrics is on PORT while HOST is a loopback address, and is not served otherwise.
     */
    metricsPort: setting('METRICS_PORT', integer(0, 65_535)),
    /**
     * Where browsers reach this server: an absolute http or https URL, with the path below which a proxy serves it.
     * Without a scheme it is https, and http for localhost, 127.0.0.1 and [::1].
     */
    publicUrl: setting('LANGSMITH_URL', publicUrl),
    /**
     * Proxies in front of this server, addresses or networks (10.0.0.0/8) separated by commas: the client's address, as
     * the login throttle and the audit log use it, is then taken from their X-Forwarded-For. From other senders it is
     * ignored.
     */
    trustedProxies: setting('TRUSTED_PROXIES', networks, ''),
    /** Origins whose pages may read from this server: * or a list separated by commas. */
    corsAllowedOrigins: setting('CORS_ALLOWED_ORIGINS', origins, '*'),
    /** A regular expression for whole origins; when set, it replaces the list. */
    corsAllowedOriginsRegex: setting('CORS_ALLOWED_ORIGINS_REGEX', anchoredPattern),
    /** The console below /console/, and the redirect of browsers from / to it. */
    consoleIsEnabled: setting('CONSOLE_ENABLED', boolean, 'true'),
    /**
     * Seconds after SIGTERM during which readiness fails and requests are still served, so that load balancers stop
     * sending them. Longer than a load balancer needs to notice: HAProxy's default health check, three times every 2
     * seconds, takes 6. No effect on SIGINT, nor when nothing has asked for readiness within a minute.
     */
    shutdownDrainSeconds: setting('SHUTDOWN_DRAIN_SECONDS', integer(0, 3600), '8'),
  },
  authorizationServer: {
    /**
     * Programs sign people in by OAuth: command lines, SDKs, MCP clients. Needs LANGSMITH_URL, https unless the host is this
     * machine, and the console. Its issuer is LANGSMITH_URL with /api.
     */
    isEnabled: setting('AUTHORIZATION_SERVER_ENABLED', boolean, 'false'),
    /**
     * Applications may name a document about themselves on the Internet, which this server fetches, as OUTBOUND_PROXY says.
     * false where it cannot reach the Internet: applications then register here.
     */
    fetchesClientDocuments: setting('AUTHORIZATION_SERVER_CLIENT_DOCUMENTS', boolean, 'true'),
  },
  log: {
    /**
     * The least important lines of the log that are written: trace, debug, info, warn (or warning), error, fatal (or
     * critical).
     */
    level: setting('LOG_LEVEL', logLevel, 'info'),
  },
  tracing: {
    /**
     * The collector of traces, http://collector.example.com:4318: OTLP over HTTP; /v1/traces is appended. Unset,
     * nothing is traced.
     */
    endpoint: setting('OTEL_EXPORTER_OTLP_ENDPOINT', publicUrl),
    /**
     * http/json or http/protobuf: both are sent as JSON, which collectors accept at the same address. grpc is refused.
     */
    protocol: setting('OTEL_EXPORTER_OTLP_PROTOCOL', otlpProtocol),
    /** The name of this server in traces. */
    serviceName: setting('OTEL_SERVICE_NAME', text, 'tenantry'),
    /** The name of the environment in traces. */
    environment: setting('OTEL_ENVIRONMENT', text),
    chart: {
      /** The variables of the LangSmith chart: traces are sent to OTLP_ENDPOINT when this is true. */
      isEnabled: setting('OTEL_TRACING_ENABLED', boolean, 'false'),
      /** host:port of the collector's HTTP receiver, or a URL. */
      endpoint: setting('OTLP_ENDPOINT', text),
      /** http; grpc is refused. */
      exporter: setting('OTEL_EXPORTER', text),
      /** Whether OTLP_ENDPOINT without a scheme is https. */
      usesTls: setting('OTEL_USE_TLS', boolean, 'true'),
    },
  },

  // --- Data ---
  database: {
    /**
     * PostgreSQL 15 or newer, postgres://user:password@host:port/database; unset, an embedded one is started. The
     * scheme may be left out, and user and password need not be percent-encoded. Required after `npm ci --omit=dev`,
     * which does not install the embedded one.
     */
    url: secret(['DATABASE_URL', 'POSTGRES_DATABASE_URI'], postgresUrl),
    /**
     * The same database without a connection pooler, for migrations and the commands of `npm run admin`, which the
     * limits of a pooler do not apply to. Unset, it is DATABASE_URL, which works with PgBouncer in transaction mode
     * too.
     */
    directUrl: secret('DATABASE_DIRECT_URL', postgresUrl),
    /**
     * Password for those of the two URLs that have none. All three may be in files, which are read again for each new
     * connection: another password there needs no restart (docs/postgresql.md#passwords-that-change).
     */
    password: secret('POSTGRES_PASSWORD', text),
    /**
     * Schema of the tables, which is created if it is missing and the role may; unset or public, that of the role or
     * database.
     */
    schema: setting('POSTGRES_SCHEMA', schemaName),
    tls: {
      /**
       * Encrypt and verify the connection to PostgreSQL, whose certificate a private authority signed, unless sslmode
       * in the URL says otherwise. The modes mean what they mean for libpq; without one, the connection is encrypted if
       * the server can.
       */
      isRequired: setting('POSTGRES_TLS', boolean, 'false'),
      /** Path of a client certificate, which PostgreSQL asks for; sslcert and sslkey in the URL come first. */
      clientCertificatePath: setting('POSTGRES_TLS_CLIENT_CERT_PATH', readablePath),
      /** Path of the key of that certificate. */
      clientKeyPath: setting('POSTGRES_TLS_CLIENT_KEY_PATH', readablePath),
    },
    /** Directory of the embedded database and of the generated secrets. */
    dataDirectory: setting('DATA_DIR', notBlank, './data'),
    /** Maximum number of connections to the database; at least 2, which a start needs. */
    poolSize: setting('DATABASE_POOL_SIZE', integer(2, 1000), '10'),
    /** Seconds that a start waits for the database of DATABASE_URL to answer, also when it fails during migrations. */
    waitSeconds: setting('DATABASE_WAIT_SECONDS', integer(0, 3600), '60'),
    /**
     * The most seconds that a migration waits for a lock, while other uses of the table wait behind it. It waits
     * shorter at first. Then it lets them pass and is tried again, at first after 0.25 seconds, later every 10 seconds.
     */
    migrationLockSeconds: setting('DATABASE_MIGRATION_LOCK_SECONDS', integer(1, 3600), '2'),
    /**
     * Percentage of the connections of DATABASE_POOL_SIZE that may be in transactions at a time. The others remain for
     * reads and authentication while all transactions wait for locks.
     */
    transactionsPercent: setting('DATABASE_TRANSACTIONS_PERCENT', integer(1, 100), '70'),
    limits: {
      /** Seconds to open a connection, and to wait for a free one of the pool; then the request fails with 503. */
      connectSeconds: setting('DATABASE_CONNECT_SECONDS', integer(1, 600), '5'),
      /**
       * Seconds that a statement may take; PostgreSQL cancels it then, and a connection without a response for 5
       * seconds more is closed. Migrations and the commands of npm run admin have no such limit. 0 means no limit, also
       * for the next three; the first three are sent to PostgreSQL when a connection begins.
       */
      statementSeconds: setting('DATABASE_STATEMENT_SECONDS', integer(0, 86_400), '30'),
      /** Seconds that a statement may wait for a lock; then the request fails with 503. */
      lockSeconds: setting('DATABASE_LOCK_SECONDS', integer(0, 86_400), '10'),
      /** Seconds that a transaction may be idle before PostgreSQL closes its connection. */
      idleInTransactionSeconds: setting('DATABASE_IDLE_IN_TRANSACTION_SECONDS', integer(0, 86_400), '30'),
      /** Seconds without traffic after which TCP keepalive checks that PostgreSQL is still reachable. */
      keepAliveSeconds: setting('DATABASE_KEEPALIVE_SECONDS', integer(0, 7200), '10'),
    },
  },
  /**
   * Path of a file of PEM certificates of private authorities, which all connections trust besides the public ones: to
   * PostgreSQL, the identity provider and the mail server.
   */
  trustedCertificatesFile: setting('SSL_CERT_FILE', certificatesPath),
  callerCache: {
    /**
     * Whether recognized callers are cached in memory: on or off. Revocation holds at the next request either way
     * (docs/postgresql.md#cache-of-recognized-callers).
     */
    isOn: setting('CALLER_CACHE', isOn, 'on'),
    /** The most entries of each such cache, about 1 kB each, and up to 15 kB with a list of workspaces. */
    maxEntries: setting('CALLER_CACHE_ENTRIES', integer(100, 1_000_000), '10000'),
  },
  lists: {
    /**
     * Seconds that a request for a large unpaged list waits while four others are being sent; then it fails with 503.
     */
    waitSeconds: setting('LIST_WAIT_SECONDS', integer(1, 3600), '10'),
    /**
     * Seconds that a client may take to receive the next part of such a list; then its connection is closed. 0 means
     * no limit, also for the next one.
     */
    stallSeconds: setting('LIST_STALL_SECONDS', integer(0, 3600), '30'),
    /** Seconds that a client may take to receive all of such a list but its last megabyte. */
    totalSeconds: setting('LIST_SECONDS', integer(0, 86_400), '1800'),
  },
};
