/** In the order of the report. */
export const CHECKS = {
  settings: 'every variable by itself and with the others, as a start checks them',
  secrets: 'length of secrets; rights of `secrets.json`, `.env` and the files of `*_FILE`',
  database: 'login, TLS, version, encoding, pooler, rights, connections, latency',
  clock: 'the clock of this machine beside that of the database',
  migrations: 'which are pending, and which a newer version has applied',
  address: 'what answers at `LANGSMITH_URL`, asked from here',
  provider:
    'metadata and keys of the identity provider, and whether it accepts the client: it is sent an invented code',
  scim: 'SCIM tokens that have expired or expire within 14 days',
  mail: 'connection and login; a mail only with `--mail-to ADDRESS`',
  receivers: 'webhooks and log streams that are disabled, or that nothing reaches',
  disk: 'free space for `DATA_DIR`',
  event_loop: 'how late timers of this process are within a second',
} as const;
export type CheckName = keyof typeof CHECKS;

type Description = {
  readonly status: 'warning' | 'error';
  readonly title: string;
  readonly remedy: string;
};

/** What can be wrong, and what to do about it. docs/doctor.md is compared with it. */
export const PROBLEMS = {
  setting_invalid: {
    status: 'error',
    title: 'A setting is invalid, or contradicts others',
    remedy: 'Correct the variable; `.env.example` describes each.',
  },
  unknown_setting: {
    status: 'warning',
    title: 'A variable resembles a setting and has no effect',
    remedy: 'Correct its name, or remove it.',
  },
  secrets_unusable: {
    status: 'error',
    title: '`secrets.json` is missing or cannot be read',
    remedy:
      'Set DATA_DIR to the folder of the server, or restore the file from a backup. Before the first start there is none: ' +
      'start the server once.',
  },
  short_secret: {
    status: 'warning',
    title: 'A secret has fewer than 32 characters',
    remedy:
      'Set BASIC_AUTH_JWT_SECRET to the output of `openssl rand -base64 32`, which ends all sessions. A new API_KEY_SALT would ' +
      'invalidate all keys.',
  },
  secret_file_readable: {
    status: 'warning',
    title: 'Other users of this machine can read a file with secrets',
    remedy:
      'As the owner of the file, run `chmod 600` on it; in an orchestrator, set the mode of the mounted file.',
  },
  database_not_created: {
    status: 'error',
    title: 'DATA_DIR has no embedded database',
    remedy: 'Set DATA_DIR to the folder of the server, or start the server once.',
  },
  database_unreachable: {
    status: 'error',
    title: 'The database does not answer',
    remedy:
      'Check host and port of the URL, that PostgreSQL runs, and firewalls or network policies in between.',
  },
  database_login_refused: {
    status: 'error',
    title: 'The database refuses the login',
    remedy: 'Check user and password of the URL, and `pg_hba.conf` of the database.',
  },
  database_missing: {
    status: 'error',
    title: 'The database of the URL does not exist',
    remedy: "Check its name, or create it: `create database NAME encoding 'UTF8'`.",
  },
  database_tls_failed: {
    status: 'error',
    title: 'The database cannot be reached with TLS as it is set',
    remedy:
      'Check sslmode and sslrootcert of the URL, SSL_CERT_FILE and POSTGRES_TLS (docs/contract/installation.md).',
  },
  database_unusable: {
    status: 'error',
    title: 'The database or its pooler lacks what the server needs',
    remedy: 'Do what the message says; docs/postgresql.md explains it.',
  },
  database_too_old: {
    status: 'error',
    title: 'The database is older than PostgreSQL 15, or another engine',
    remedy: 'Upgrade PostgreSQL to 15 or newer, or move to one (docs/postgresql.md).',
  },
  database_read_only: {
    status: 'error',
    title: 'The database is a read-only standby',
    remedy: 'Let the URL lead to the primary.',
  },
  database_rights_missing: {
    status: 'error',
    title: 'The role lacks rights on tables or on the schema',
    remedy:
      'Use the role that created the tables, or grant it their ownership: `reassign owned by OTHER to ROLE`.',
  },
  database_unencrypted: {
    status: 'warning',
    title: 'Connections to another machine are not encrypted',
    remedy: 'Turn TLS on in PostgreSQL, and set `sslmode=verify-full` in the URL.',
  },
  database_slow: {
    status: 'warning',
    title: 'A round trip to the database takes longer than 10 ms',
    remedy: 'Run server and database in the same region and network; a request makes several round trips.',
  },
  database_limits_ignored: {
    status: 'warning',
    title: 'A pooler ignores the time limits of statements',
    remedy: 'Add the connect_query of the message to `pgbouncer.ini` (docs/postgresql.md).',
  },
  database_few_connections: {
    status: 'warning',
    title: 'PostgreSQL allows fewer connections than one server may open',
    remedy: 'Lower DATABASE_POOL_SIZE, or raise max_connections: each replica needs its pool and 5 more.',
  },
  clock_differs: {
    status: 'error',
    title: 'The clock differs from that of the database by more than a minute',
    remedy: 'Synchronize the clocks of both machines (NTP).',
  },
  migrations_pending: {
    status: 'error',
    title: 'Migrations of this version are not applied',
    remedy: 'Start this version, or run `npm run admin -- migrate`.',
  },
  schema_too_new: {
    status: 'error',
    title: 'A newer version has changed the schema, and this one cannot work with it',
    remedy: 'Start the newer version, or restore a backup from before its first start.',
  },
  schema_newer: {
    status: 'warning',
    title: 'A newer version has changed the schema, and this one works with it',
    remedy: 'Normal during an upgrade; otherwise run the same version everywhere.',
  },
  address_unreachable: {
    status: 'warning',
    title: 'Nothing answers at LANGSMITH_URL from here',
    remedy:
      'Check the host in LANGSMITH_URL, and that a server runs. Where this machine may not reach the public address, try it ' +
      'from a browser.',
  },
  address_tls_failed: {
    status: 'error',
    title: 'The certificate at LANGSMITH_URL is not valid',
    remedy: 'Renew it, or name its private authority in SSL_CERT_FILE.',
  },
  address_of_other_server: {
    status: 'error',
    title: 'Something else answers at LANGSMITH_URL',
    remedy:
      'Set LANGSMITH_URL to the address at which browsers reach this server, with its path, or correct the proxy.',
  },
  address_of_other_version: {
    status: 'warning',
    title: 'Another version answers at LANGSMITH_URL',
    remedy:
      'Normal during an upgrade; otherwise LANGSMITH_URL leads to another installation, or to LangSmith.',
  },
  provider_unreachable: {
    status: 'error',
    title: 'The identity provider does not answer as its standard says',
    remedy:
      'Check OAUTH_ISSUER_URL in a browser, HTTPS_PROXY, and OAUTH_CA_CERTIFICATES_FILE for a private authority.',
  },
  provider_keys_unusable: {
    status: 'error',
    title: 'The identity provider publishes no usable keys',
    remedy: 'Open `jwks_uri` of its metadata: it has to list the keys that sign ID tokens.',
  },
  provider_refuses_client: {
    status: 'error',
    title: 'The identity provider refuses this installation as its client',
    remedy:
      'Compare OAUTH_CLIENT_ID and OAUTH_CLIENT_SECRET (or the private key) with the client at the provider; secrets expire.',
  },
  provider_answer_unclear: {
    status: 'warning',
    title: 'The token endpoint answers neither that it accepts the client nor that it refuses it',
    remedy: 'Sign in once, or use the test sign-in of the console.',
  },
  scim_token_expired: {
    status: 'warning',
    title: 'SCIM tokens that were in use have expired',
    remedy: 'Create new ones, and set them at the identity provider (docs/scim.md).',
  },
  scim_token_expires: {
    status: 'warning',
    title: 'SCIM tokens in use expire within 14 days',
    remedy: 'Rotate them, and set the new secrets at the identity provider (docs/scim.md).',
  },
  mail_server_fails: {
    status: 'error',
    title: 'The mail server does not answer, or refuses the login',
    remedy: 'Check SMTP_URL: scheme (smtps or smtp), host, port, user and password.',
  },
  mail_refused: {
    status: 'error',
    title: 'The mail server refuses the mail',
    remedy:
      'Check MAIL_FROM: the login has to be allowed to send from it. The log of the mail server has the reason.',
  },
  receiver_disabled: {
    status: 'warning',
    title: 'Webhooks or log streams were disabled, since their receivers failed or are gone',
    remedy: 'Correct the receivers, then enable them in the console of their organization.',
  },
  receiver_fails: {
    status: 'warning',
    title: 'Nothing reaches some webhooks or log streams',
    remedy:
      'See their attempts in the console; check OUTBOUND_PROXY, OUTBOUND_ALLOWED_NETWORKS and firewalls.',
  },
  disk_low: {
    status: 'warning',
    title: 'Less than 1 GiB is free',
    remedy: 'Free space, or enlarge the disk, before the embedded database or a backup needs it.',
  },
  disk_full: {
    status: 'error',
    title: 'Less than 100 MiB is free for the embedded database',
    remedy: 'Free space now: without any, PostgreSQL stops.',
  },
  event_loop_delayed: {
    status: 'warning',
    title: 'This process waits for the CPU',
    remedy: 'Give it more CPU (limits of the container, load of the machine).',
  },
  not_checked: {
    status: 'warning',
    title: 'A check needs what another check found to be broken',
    remedy: 'Correct the other problems, and run the doctor again.',
  },
  timed_out: {
    status: 'error',
    title: 'A check has not ended in time',
    remedy: 'What it asks hangs: check network and load, and run the doctor again.',
  },
  check_failed: {
    status: 'error',
    title: 'A check has failed unexpectedly',
    remedy: 'Report it with the message, and with the version.',
  },
} as const satisfies Readonly<Record<string, Description>>;
export type Problem = keyof typeof PROBLEMS;
