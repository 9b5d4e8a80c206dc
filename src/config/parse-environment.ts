import { validateSync } from 'class-validator';
import { withScheme } from './chart-address.js';
import { connectionUrl } from './database-connection.js';
import { Environment, READERS, VARIABLE_NAMES, type VariableName } from './environment.js';
import { EnvironmentReader } from './environment-reader.js';
import { InvalidEnvironment, InvalidVariable, type EnvironmentProblem } from './environment.errors.js';
import { FEATURE_FLAG_NAMES, FEATURE_FLAGS, type FeatureFlags } from './feature-flags.js';
import { loginModeProblems } from './login-mode.js';
import { namesOf } from './setting-names.js';
import { mailLanguageProblems } from './mail-templates-folder.js';
import { tracingProblems } from './tracing.js';
import * as read from './variable-readers.js';

/** What is installed with the server, as far as settings depend on it. */
export interface Installation {
  /** False after `npm ci --omit=dev`, and on platforms for which the package has no build. */
  readonly hasEmbeddedPostgres: boolean;
}

const COMPLETE_INSTALLATION: Installation = { hasEmbeddedPostgres: true };

/**
 * The environment as typed values; an empty variable counts as unset.
 *
 * @throws InvalidEnvironment with every problem; an invalid value is never replaced by a default
 */
export function parseEnvironment(
  env: NodeJS.ProcessEnv,
  installation: Installation = COMPLETE_INSTALLATION,
): Environment {
  const reader = new EnvironmentReader(withChartConventions(env));
  const environment = new Environment();
  for (const name of VARIABLE_NAMES) readVariable(reader, environment, name);
  environment.flags = readFlags(reader);
  const problems = [
    ...reader.problems,
    ...findInvalidValues(reader, environment),
    ...findIncompletePairs(reader),
    ...sharedPort(environment),
    ...mailLanguageProblems(environment),
    ...tracingProblems(environment),
    ...unsupportedDatabaseLogin(reader),
    ...connectionProblems(reader, environment),
    ...missingDatabase(reader, installation),
    ...loginModeProblems((name) => reader.findSet(namesOf(name)), environment),
  ];
  if (problems.length > 0) throw new InvalidEnvironment(problems);
  return environment;
}

/** What LangSmith's chart leaves out or means differently (docs/contract/installation.md#environment-of-the-chart). */
function withChartConventions(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { LANGSMITH_URL, X_SERVICE_AUTH_JWT_SECRET, X_SERVICE_AUTH_JWT_SECRET_FILE, ...others } = env;
  const hasSalt = new EnvironmentReader(env).findSet(['API_KEY_SALT']).length > 0;
  return {
    ...others,
    ...(LANGSMITH_URL === undefined ? {} : { LANGSMITH_URL: withScheme(LANGSMITH_URL, env) }),
    // Besides a salt it is a secret between other services.
    ...(hasSalt ? {} : { X_SERVICE_AUTH_JWT_SECRET, X_SERVICE_AUTH_JWT_SECRET_FILE }),
  };
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it ties the reader to the type of its property
function readVariable<Name extends VariableName>(
  reader: EnvironmentReader,
  environment: Environment,
  name: Name,
): void {
  environment[name] = reader.read(namesOf(name), READERS[name], environment[name]);
}

function readFlags(reader: EnvironmentReader): FeatureFlags {
  const flags = FEATURE_FLAG_NAMES.map((name) => {
    const flag = FEATURE_FLAGS[name];
    return [name, reader.read<boolean | undefined>(flag.variables, read.boolean, flag.default)];
  });
  return Object.fromEntries(flags) as FeatureFlags;
}

/** Only for variables that could be parsed; the others hold their valid defaults. */
function findInvalidValues(reader: EnvironmentReader, environment: Environment): EnvironmentProblem[] {
  const failures = validateSync(environment, { skipMissingProperties: true, stopAtFirstError: true });
  return failures.map(({ property, constraints = {} }) => ({
    variables: reader.findSet(namesOf(property as VariableName)),
    message: Object.values(constraints).join('; '),
  }));
}

/** Variables that require another one: the variable, the required one, and its meaning. */
const REQUIREMENTS = [
  ['INITIAL_ORG_ADMIN_PASSWORD', 'INITIAL_ORG_ADMIN_EMAIL', 'the address of the user with this password'],
  ['SMTP_URL', 'MAIL_FROM', 'the sender of mails'],
  ['MAIL_FROM', 'SMTP_URL', 'the server that sends mails'],
  ['POSTGRES_TLS_CLIENT_CERT_PATH', 'POSTGRES_TLS_CLIENT_KEY_PATH', 'the key of the certificate'],
  ['POSTGRES_TLS_CLIENT_KEY_PATH', 'POSTGRES_TLS_CLIENT_CERT_PATH', 'the certificate of the key'],
  ['DATABASE_DIRECT_URL', 'DATABASE_URL', 'the same database for requests'],
] as const;

/** Checks which variables are set, not which are valid: a malformed address is one problem, not two. */
function findIncompletePairs(reader: EnvironmentReader): EnvironmentProblem[] {
  return REQUIREMENTS.filter(
    ([variable, required]) =>
      reader.findSet([variable]).length > 0 && reader.findSet(namesOf(required)).length === 0,
  ).map(([variable, required, reason]) => ({
    variables: [variable],
    message: `needs ${required}, ${reason}`,
  }));
}

function sharedPort({ PORT: port, METRICS_PORT: metricsPort }: Environment): EnvironmentProblem[] {
  if (metricsPort !== port || port === 0) return [];
  return [{ variables: ['METRICS_PORT'], message: 'must differ from PORT' }];
}

function connectionProblems(reader: EnvironmentReader, environment: Environment): EnvironmentProblem[] {
  return (['DATABASE_URL', 'DATABASE_DIRECT_URL'] as const).flatMap((name) => {
    try {
      if (environment[name] !== null) connectionUrl(environment[name], environment);
      return [];
    } catch (error) {
      if (!(error instanceof InvalidVariable)) throw error;
      return [{ variables: reader.findSet(namesOf(name)), message: error.message }];
    }
  });
}

/** Each connection would need a token of the cloud provider. */
function unsupportedDatabaseLogin(reader: EnvironmentReader): EnvironmentProblem[] {
  const message =
    'is not supported: leave it empty, and give a user with a password in POSTGRES_DATABASE_URI, ' +
    'or a client certificate in POSTGRES_TLS_CLIENT_CERT_PATH and POSTGRES_TLS_CLIENT_KEY_PATH';
  return reader.findSet(['POSTGRES_IAM_AUTH_PROVIDER']).map((name) => ({ variables: [name], message }));
}

function missingDatabase(
  reader: EnvironmentReader,
  { hasEmbeddedPostgres }: Installation,
): EnvironmentProblem[] {
  if (hasEmbeddedPostgres || reader.findSet(namesOf('DATABASE_URL')).length > 0) return [];
  const message =
    'is required, because the embedded PostgreSQL is not installed: ' +
    '`npm ci --omit=dev` leaves it out, and it is not available for every platform';
  return [{ variables: ['DATABASE_URL'], message }];
}
