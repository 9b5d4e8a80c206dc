import { isSafeTransport } from '../common/http/network-addresses.js';
import { loadMailTemplates, SHIPPED_TEMPLATES } from '../common/mail/mail-templates.js';
import { type EnvironmentProblem, InvalidVariable } from './environment.errors.js';
import { connectionUrl } from './postgres-connection.js';
import type { Setting } from './setting.js';
import { SETTINGS, type SettingValues } from './settings.js';

/** What is installed with the server, as far as settings depend on it. */
export interface Installation {
  /** False after `npm ci --omit=dev`, and on platforms for which the package has no build. */
  readonly hasEmbeddedPostgres: boolean;
}

/** The variables by which the operator sets it: empty if it is unset. */
type VariablesOf = (setting: Setting) => readonly string[];

/**
 * What is wrong with settings that are valid by themselves. Where one needs another, it looks at which are set, not at
 * which are valid, so that a malformed value is one problem and not two.
 */
export function findConflicts(
  values: SettingValues,
  variablesOf: VariablesOf,
  installation: Installation,
): EnvironmentProblem[] {
  return [
    ...incompletePairs(variablesOf),
    ...sharedPort(values),
    ...mailLanguage(values),
    ...tracing(values),
    ...connections(values, variablesOf),
    ...missingDatabase(variablesOf, installation),
    ...loginMode(values, variablesOf),
    ...authorizationServerNeeds(values),
  ];
}

const problem = (variables: readonly string[], message: string): EnvironmentProblem => ({
  variables,
  message,
});

const problemIf = (
  condition: boolean,
  variables: readonly string[],
  message: string,
): EnvironmentProblem[] => (condition ? [problem(variables, message)] : []);

const { authorizationServer, bootstrap, database, mail, login, sso, server } = SETTINGS;

/** Settings that require another one: the setting, the required one, and its meaning. */
const REQUIREMENTS: readonly (readonly [Setting, Setting, string])[] = [
  [bootstrap.adminPassword, bootstrap.adminEmail, 'the address of the user with this password'],
  [mail.smtpUrl, mail.from, 'the sender of mails'],
  [mail.from, mail.smtpUrl, 'the server that sends mails'],
  [database.tls.clientCertificatePath, database.tls.clientKeyPath, 'the key of the certificate'],
  [database.tls.clientKeyPath, database.tls.clientCertificatePath, 'the certificate of the key'],
  [database.directUrl, database.url, 'the same database for requests'],
];

const incompletePairs = (variablesOf: VariablesOf): EnvironmentProblem[] =>
  REQUIREMENTS.filter(
    ([setting, required]) => variablesOf(setting).length > 0 && variablesOf(required).length === 0,
  ).map(([{ names }, required, meaning]) =>
    problem(names.slice(0, 1), `needs ${required.names[0]}, ${meaning}`),
  );

const sharedPort = ({ server: { port, metricsPort } }: SettingValues): EnvironmentProblem[] =>
  problemIf(metricsPort === port && port !== 0, ['METRICS_PORT'], 'must differ from PORT');

function mailLanguage({ mailAppearance: { templates, language } }: SettingValues): EnvironmentProblem[] {
  const languages = Object.keys((templates ?? loadMailTemplates(SHIPPED_TEMPLATES)).languages);
  const message = `must be a language that has templates: ${languages.join(', ')}`;
  return problemIf(!languages.includes(language), ['MAIL_LANGUAGE'], message);
}

/** Its addresses follow from the public one, and people approve applications in the console. */
function authorizationServerNeeds({
  authorizationServer: { isEnabled },
  server: { publicUrl, consoleIsEnabled },
}: SettingValues): EnvironmentProblem[] {
  if (!isEnabled) return [];
  const isUnsafe = publicUrl !== null && !isSafeTransport(new URL(publicUrl));
  return [
    ...problemIf(
      publicUrl === null,
      authorizationServer.isEnabled.names,
      'needs LANGSMITH_URL, its public address',
    ),
    ...problemIf(
      isUnsafe,
      server.publicUrl.names,
      'must be https for AUTHORIZATION_SERVER_ENABLED, unless the host is this machine',
    ),
    ...problemIf(
      !consoleIsEnabled,
      server.consoleIsEnabled.names,
      'must be true for AUTHORIZATION_SERVER_ENABLED: people approve applications in the console',
    ),
  ];
}

const ONLY_HTTP =
  'must be http: traces are sent over HTTP only. ' +
  'OTLP_ENDPOINT is then the HTTP port of the collector, usually 4318';

function tracing({ tracing: { chart, endpoint } }: SettingValues): EnvironmentProblem[] {
  if (!chart.isEnabled) return [];
  const url = collectorUrl({ chart, endpoint });
  const isHttp = /^https?:$/.test(URL.parse(url ?? '')?.protocol ?? '');
  const isSupported = chart.exporter === null || chart.exporter === 'http';
  return [
    ...problemIf(url === null, ['OTEL_TRACING_ENABLED'], 'needs OTLP_ENDPOINT, the collector of traces'),
    ...problemIf(url !== null && !isHttp, ['OTLP_ENDPOINT'], 'must be host:port, or an http or https URL'),
    ...problemIf(!isSupported, ['OTEL_EXPORTER'], ONLY_HTTP),
  ];
}

/**
 * The standard variable alone turns traces on. Of the chart's variables, `OTLP_ENDPOINT` counts only with
 * `OTEL_TRACING_ENABLED`, and `OTEL_USE_TLS` is its scheme.
 */
export function collectorUrl({ endpoint, chart }: Pick<SettingValues['tracing'], 'endpoint' | 'chart'>) {
  if (endpoint !== null) return tracesPath(endpoint);
  if (!chart.isEnabled || chart.endpoint === null) return null;
  const scheme = chart.usesTls ? 'https' : 'http';
  return tracesPath(chart.endpoint.includes('://') ? chart.endpoint : `${scheme}://${chart.endpoint}`);
}

/** OpenTelemetry Protocol, OTLP/HTTP Request. */
const tracesPath = (url: string) =>
  url.endsWith('/v1/traces') ? url : `${url.replace(/\/$/, '')}/v1/traces`;

const connections = (values: SettingValues, variablesOf: VariablesOf): EnvironmentProblem[] =>
  (['url', 'directUrl'] as const).flatMap((name) => {
    try {
      const url = values.database[name];
      if (url !== null) connectionUrl(url, values);
      return [];
    } catch (error) {
      if (!(error instanceof InvalidVariable)) throw error;
      return [problem(variablesOf(database[name]), error.message)];
    }
  });

function missingDatabase(
  variablesOf: VariablesOf,
  { hasEmbeddedPostgres }: Installation,
): EnvironmentProblem[] {
  const isMissing = !hasEmbeddedPostgres && variablesOf(database.url).length === 0;
  const message =
    'is required, because the embedded PostgreSQL is not installed: ' +
    '`npm ci --omit=dev` leaves it out, and it is not available for every platform';
  return problemIf(isMissing, ['DATABASE_URL'], message);
}

const CREDENTIALS = [sso.clientSecret, sso.clientKey];

/**
 * Several settings make up the login mode: password login, or an identity provider with a client secret or key
 * (`mixed`) or without one (`oauth`).
 */
function loginMode(values: SettingValues, variablesOf: VariablesOf): EnvironmentProblem[] {
  const client = [sso.clientId, sso.issuerUrl];
  const missing = client.filter((setting) => variablesOf(setting).length === 0);
  if (missing.length === client.length) return passwordLogin(values, variablesOf);
  return [
    ...missing.map(({ names }) => problem(names, 'is needed for single sign-on')),
    ...clientAuthentication(values, variablesOf),
    ...problemIf(
      values.login.isWithPasswords === true,
      variablesOf(login.isWithPasswords),
      'must be off when OAUTH_* configures single sign-on; the two exclude each other',
    ),
    ...redirectAddress(values, variablesOf),
  ];
}

function passwordLogin({ login: { type, isWithPasswords } }: SettingValues, variablesOf: VariablesOf) {
  const needsClient = 'needs OAUTH_CLIENT_ID and OAUTH_ISSUER_URL';
  const unpaired = [...CREDENTIALS, sso.authMethod, ...(type === 'oauth' ? [login.type] : [])];
  const noWayToLogIn = `leaves no way to log in: single sign-on ${needsClient}`;
  return [
    ...unpaired.flatMap(variablesOf).map((variable) => problem([variable], needsClient)),
    ...problemIf(isWithPasswords === false, variablesOf(login.isWithPasswords), noWayToLogIn),
  ];
}

function clientAuthentication(values: SettingValues, variablesOf: VariablesOf): EnvironmentProblem[] {
  const given = CREDENTIALS.flatMap(variablesOf);
  if (values.login.type === 'oauth')
    return [...given, ...variablesOf(sso.authMethod)].map((variable) =>
      problem([variable], 'must be unset with AUTH_TYPE=oauth, which is for clients without a secret'),
    );
  if (given.length === 0)
    return [
      problem(
        ['OAUTH_CLIENT_SECRET'],
        'is needed, unless there is a private key, or AUTH_TYPE=oauth declares a client without a secret',
      ),
    ];
  const { authMethod } = values.sso;
  const needed = authMethod === 'private_key_jwt' ? sso.clientKey : sso.clientSecret;
  const isMissing = authMethod !== null && variablesOf(needed).length === 0;
  return problemIf(isMissing, sso.authMethod.names, `needs ${needed.names[0]}`);
}

/** The provider redirects users back to this URL. */
function redirectAddress({ server: { publicUrl } }: SettingValues, variablesOf: VariablesOf) {
  const variables = variablesOf(server.publicUrl);
  const isUnsafe = publicUrl !== null && !isSafeTransport(new URL(publicUrl));
  return [
    ...problemIf(
      variables.length === 0,
      ['LANGSMITH_URL'],
      'is needed for single sign-on: the provider redirects users back to it',
    ),
    ...problemIf(isUnsafe, variables, 'must be https for single sign-on, unless the host is this machine'),
  ];
}
