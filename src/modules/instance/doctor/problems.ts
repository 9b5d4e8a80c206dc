/** In the order of the report. */
export const CHECKS = {
  settings: 'every variable by itself and with the others, as a start checks them',
  secrets: 'length of secrets; rights of `secrets.json`, `.env` and the files of `*_FILE`',
  database: 'login, TLS, version, encoding, pooler, rights, connections, latency',
  clock: 'the clock of this machine beside that of the database',
  migrations: 'which are pending, and which a newer version has applied',
  address: 'what answers at `LANGSMITH_URL`, asked from here',
  applications:
    'the metadata documents at the public address, if applications may sign people in, asked from here',
  provider:
    'metadata and keys of the identity provider, and whether it accepts the client: it is sent an invented code',
  scim: 'SCIM tokens that have expired or expire within 14 days',
  mail: 'connection and login; a mail only with `--mail-to ADDRESS`',
  receivers: 'webhooks and log streams that are disabled, or that nothing reaches',
  disk: 'free space for `DATA_DIR`',
  event_loop: 'how late timers of this process are within a second',
} as const;
export type CheckName = keyof typeof CHECKS;

const error = (title: string, remedy: string) => ({ status: 'error', title, remedy }) as const;
const warning = (title: string, remedy: string) => ({ status: 'warning', title, remedy }) as const;

/** What can be wrong, and what to do about it. docs/doctor.md is compared with it. */
export const PROBLEMS = {
  setting_invalid: error(
    'A setting is invalid, or contradicts others',
    'Correct the variable; `.env.example` describes each.',
  ),
  unknown_setting: warning(
    'A variable resembles a setting and has no effect',
    'Correct its name, or remove it.',
  ),
  secrets_unusable: error(
    '`secrets.json` is missing or cannot be read',
    'Set DATA_DIR to the folder of the server, or restore the file from a backup. Before the first start there is none: ' +
      'start the server once.',
  ),
  short_secret: warning(
    'A secret has fewer than 32 characters',
    'Set BASIC_AUTH_JWT_SECRET to the output of `openssl rand -base64 32`, which ends all sessions. A new API_KEY_SALT would ' +
      'invalidate all keys.',
  ),
  secret_file_readable: warning(
    'Other users of this machine can read a file with secrets',
    'As the owner of the file, run `chmod 600` on it; in an orchestrator, set the mode of the mounted file.',
  ),
  database_not_created: error(
    'DATA_DIR has no embedded database',
    'Set DATA_DIR to the folder of the server, or start the server once.',
  ),
  database_unreachable: error(
    'The database does not answer',
    'Check host and port of the URL, that PostgreSQL runs, and firewalls or network policies in between.',
  ),
  database_login_refused: error(
    'The database refuses the login',
    'Check user and password of the URL, and `pg_hba.conf` of the database.',
  ),
  database_missing: error(
    'The database of the URL does not exist',
    "Check its name, or create it: `create database NAME encoding 'UTF8'`.",
  ),
  database_tls_failed: error(
    'The database cannot be reached with TLS as it is set',
    'Check sslmode and sslrootcert of the URL, SSL_CERT_FILE and POSTGRES_TLS (docs/contract/installation.md).',
  ),
  database_unusable: error(
    'The database or its pooler lacks what the server needs',
    'Do what the message says; docs/postgresql.md explains it.',
  ),
  database_too_old: error(
    'The database is older than PostgreSQL 15, or another engine',
    'Upgrade PostgreSQL to 15 or newer, or move to one (docs/postgresql.md).',
  ),
  database_read_only: error('The database is a read-only standby', 'Let the URL lead to the primary.'),
  database_rights_missing: error(
    'The role lacks rights on tables or on the schema',
    'Use the role that created the tables, or grant it their ownership: `reassign owned by OTHER to ROLE`.',
  ),
  database_unencrypted: warning(
    'Connections to another machine are not encrypted',
    'Turn TLS on in PostgreSQL, and set `sslmode=verify-full` in the URL.',
  ),
  database_slow: warning(
    'A round trip to the database takes longer than 10 ms',
    'Run server and database in the same region and network; a request makes several round trips.',
  ),
  database_limits_ignored: warning(
    'A pooler ignores the time limits of statements',
    'Add the connect_query of the message to `pgbouncer.ini` (docs/postgresql.md).',
  ),
  database_few_connections: warning(
    'PostgreSQL allows fewer connections than one server may open',
    'Lower DATABASE_POOL_SIZE, or raise max_connections: each replica needs its pool and 5 more.',
  ),
  clock_differs: error(
    'The clock differs from that of the database by more than a minute',
    'Synchronize the clocks of both machines (NTP).',
  ),
  migrations_pending: error(
    'Migrations of this version are not applied',
    'Start this version, or run `npm run admin -- migrate`.',
  ),
  schema_too_new: error(
    'A newer version has changed the schema, and this one cannot work with it',
    'Start the newer version, or restore a backup from before its first start.',
  ),
  schema_newer: warning(
    'A newer version has changed the schema, and this one works with it',
    'Normal during an upgrade; otherwise run the same version everywhere.',
  ),
  address_unreachable: warning(
    'Nothing answers at LANGSMITH_URL from here',
    'Check the host in LANGSMITH_URL, and that a server runs. Where this machine may not reach the public address, try it ' +
      'from a browser.',
  ),
  address_tls_failed: error(
    'The certificate at LANGSMITH_URL is not valid',
    'Renew it, or name its private authority in SSL_CERT_FILE.',
  ),
  address_of_other_server: error(
    'Something else answers at LANGSMITH_URL',
    'Set LANGSMITH_URL to the address at which browsers reach this server, with its path, or correct the proxy.',
  ),
  address_of_other_version: warning(
    'Another version answers at LANGSMITH_URL',
    'Normal during an upgrade; otherwise LANGSMITH_URL leads to another installation, or to LangSmith.',
  ),
  metadata_of_other_server: error(
    'Applications do not find the metadata of this server',
    'Route these addresses here. Those in front of the path are outside of a base path. A host that LangSmith answers for has one ' +
      'issuer: give this server a host of its own (docs/migrate-from-langsmith.md).',
  ),
  provider_unreachable: error(
    'The identity provider does not answer as its standard says',
    'Check OAUTH_ISSUER_URL in a browser, HTTPS_PROXY, and OAUTH_CA_CERTIFICATES_FILE for a private authority.',
  ),
  provider_keys_unusable: error(
    'The identity provider publishes no usable keys',
    'Open `jwks_uri` of its metadata: it has to list the keys that sign ID tokens.',
  ),
  provider_refuses_client: error(
    'The identity provider refuses this installation as its client',
    'Compare OAUTH_CLIENT_ID and OAUTH_CLIENT_SECRET (or the private key) with the client at the provider; secrets expire.',
  ),
  provider_answer_unclear: warning(
    'The token endpoint answers neither that it accepts the client nor that it refuses it',
    'Sign in once, or use the test sign-in of the console.',
  ),
  scim_token_expired: warning(
    'SCIM tokens that were in use have expired',
    'Create new ones, and set them at the identity provider (docs/scim.md).',
  ),
  scim_token_expires: warning(
    'SCIM tokens in use expire within 14 days',
    'Rotate them, and set the new secrets at the identity provider (docs/scim.md).',
  ),
  mail_server_fails: error(
    'The mail server does not answer, or refuses the login',
    'Check SMTP_URL: scheme (smtps or smtp), host, port, user and password.',
  ),
  mail_refused: error(
    'The mail server refuses the mail',
    'Check MAIL_FROM: the login has to be allowed to send from it. The log of the mail server has the reason.',
  ),
  receiver_disabled: warning(
    'Webhooks or log streams were disabled, since their receivers failed or are gone',
    'Correct the receivers, then enable them in the console of their organization.',
  ),
  receiver_fails: warning(
    'Nothing reaches some webhooks or log streams',
    'See their attempts in the console; check OUTBOUND_PROXY, OUTBOUND_ALLOWED_NETWORKS and firewalls.',
  ),
  disk_low: warning(
    'Less than 1 GiB is free',
    'Free space, or enlarge the disk, before the embedded database or a backup needs it.',
  ),
  disk_full: error(
    'Less than 100 MiB is free for the embedded database',
    'Free space now: without any, PostgreSQL stops.',
  ),
  event_loop_delayed: warning(
    'This process waits for the CPU',
    'Give it more CPU (limits of the container, load of the machine).',
  ),
  not_checked: warning(
    'A check needs what another check found to be broken',
    'Correct the other problems, and run the doctor again.',
  ),
  timed_out: error(
    'A check has not ended in time',
    'What it asks hangs: check network and load, and run the doctor again.',
  ),
  check_failed: error('A check has failed unexpectedly', 'Report it with the message, and with the version.'),
};
export type Problem = keyof typeof PROBLEMS;

/** What the doctor has found in one of its checks. An array of these is the output of `--json`. */
export type Finding = {
  readonly check: CheckName;
  readonly status: 'ok' | 'warning' | 'error';
  /** A key of `PROBLEMS`; null if the status is ok. */
  readonly problem: Problem | null;
  /** Holds no secret, token or address of a person. */
  readonly message: string;
  readonly remedy: string | null;
};

export type Result = Omit<Finding, 'check'>;

export const ok = (message: string): Result => ({ status: 'ok', problem: null, message, remedy: null });

export const found = (problem: Problem, message: string): Result => {
  const { status, remedy } = PROBLEMS[problem];
  return { status, problem, message, remedy };
};

export const foundIf = (condition: boolean, problem: Problem, message: string): Result[] =>
  condition ? [found(problem, message)] : [];
