import { InvalidEnvironment, InvalidVariable, type EnvironmentProblem } from './environment.errors.js';
import { contentOf } from './parsers.js';
import { Setting, settingsIn, type Table, type ValuesOf } from './setting.js';
import { findConflicts, type Installation } from './setting-conflicts.js';
import { SETTINGS, type SettingValues, VARIABLES } from './settings.js';

/**
 * The values of all settings; an empty variable counts as unset.
 *
 * @throws InvalidEnvironment with every problem; an invalid value is never replaced by a default
 */
export function parseEnvironment(
  env: NodeJS.ProcessEnv,
  installation: Installation = { hasEmbeddedPostgres: true },
): SettingValues {
  const reader = new EnvironmentReader(withChartConventions(env));
  const values = reader.read(SETTINGS);
  const variablesOf = (setting: Setting) => reader.variablesOf(setting);
  const problems = [
    ...reader.problems,
    ...findConflicts(values, variablesOf, installation),
    ...unsupportedDatabaseLogin(env),
  ];
  if (problems.length > 0) throw new InvalidEnvironment(problems);
  return values;
}

/**
 * The settings of the database as they are now: files of secrets are read again.
 *
 * @throws InvalidEnvironment
 */
export function readDatabaseSettings(env: NodeJS.ProcessEnv): SettingValues['database'] {
  const reader = new EnvironmentReader(env);
  const values = reader.read(SETTINGS.database);
  if (reader.problems.length > 0) throw new InvalidEnvironment(reader.problems);
  return values;
}

/** Reads settings and collects the problems instead of stopping at the first. */
class EnvironmentReader {
  readonly problems: EnvironmentProblem[] = [];

  constructor(private readonly env: NodeJS.ProcessEnv) {}

  read<Part extends Table>(table: Part): ValuesOf<Part> {
    const values = Object.entries(table).map(([name, entry]) => [
      name,
      entry instanceof Setting ? this.valueOf(entry) : this.read(entry),
    ]);
    return Object.fromEntries(values) as ValuesOf<Part>;
  }

  /** The variables by which the operator sets it; an empty one counts as unset. */
  variablesOf({ variables }: Setting): string[] {
    return variables.filter((variable) => (this.env[variable] ?? '') !== '');
  }

  /**
   * The default if it is unset or invalid. Several names may have the same value; `1` and `true` are equal. A secret is
   * given as a value or as a file, not as both.
   */
  private valueOf(setting: Setting): unknown {
    const variables = this.variablesOf(setting);
    const given = variables.map((variable) => this.parse(variable, setting));
    const valid = given.filter((value) => value !== undefined);
    const twice = variables.filter((variable) => variables.includes(`${variable}_FILE`));
    if (twice.length > 0)
      this.report(
        twice.flatMap((variable) => [variable, `${variable}_FILE`]),
        'exclude each other',
      );
    else if (valid.some((value) => value !== valid[0]))
      this.report(variables, 'are two spellings of one setting and must not differ');
    if (valid.length > 0) return valid[0];
    return setting.defaultText === null ? null : setting.parse(setting.defaultText);
  }

  /** Undefined if the value is invalid. */
  private parse(variable: string, { parse, names }: Setting): unknown {
    const text = this.env[variable] ?? '';
    try {
      return names.includes(variable) ? parse(text) : contentOf(parse)(text);
    } catch (error) {
      if (!(error instanceof InvalidVariable)) throw error;
      this.report([variable], error.message);
      return undefined;
    }
  }

  private report(variables: readonly string[], message: string): void {
    this.problems.push({ variables, message });
  }
}

/** What LangSmith's chart leaves out or means differently (docs/contract/installation.md#environment-of-the-chart). */
function withChartConventions(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { LANGSMITH_URL, X_SERVICE_AUTH_JWT_SECRET, X_SERVICE_AUTH_JWT_SECRET_FILE, ...others } = env;
  const hasSalt = Boolean(env['API_KEY_SALT'] ?? '') || Boolean(env['API_KEY_SALT_FILE']);
  return {
    ...others,
    ...(LANGSMITH_URL === undefined ? {} : { LANGSMITH_URL: withScheme(LANGSMITH_URL, env) }),
    // Besides a salt it is a secret between other services.
    ...(hasSalt ? {} : { X_SERVICE_AUTH_JWT_SECRET, X_SERVICE_AUTH_JWT_SECRET_FILE }),
  };
}

/** Hosts for which the chart means http. */
const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)/i;

/** The addresses of this installation that the chart writes with a scheme. */
const WITH_SCHEME = ['LANGSMITH_PUBLIC_API_ENDPOINT', 'OAUTH_AS_ISSUER'] as const;

/**
 * The address with a scheme: the chart leaves it out of `LANGSMITH_URL` (docs/contract/installation.md#address). Another
 * address of the same host has the scheme that the operator wrote.
 */
function withScheme(address: string, env: NodeJS.ProcessEnv): string {
  if (address === '' || address.includes('://')) return address;
  return `${schemeOf(address, env)}//${address}`;
}

function schemeOf(address: string, env: NodeJS.ProcessEnv): string {
  for (const name of WITH_SCHEME) {
    const other = URL.parse(env[name] ?? '');
    if (other && URL.parse(`${other.protocol}//${address}`)?.host === other.host) return other.protocol;
  }
  return LOOPBACK.test(address) ? 'http:' : 'https:';
}

/** A token of the cloud provider for each connection is left to a program beside the server, which writes it into a file. */
function unsupportedDatabaseLogin(env: NodeJS.ProcessEnv): EnvironmentProblem[] {
  if (!env['POSTGRES_IAM_AUTH_PROVIDER']) return [];
  const message =
    'is not supported: leave it empty, and give a user with a password in POSTGRES_DATABASE_URI, ' +
    'a client certificate in POSTGRES_TLS_CLIENT_CERT_PATH and POSTGRES_TLS_CLIENT_KEY_PATH, or a token of the cloud in ' +
    'the file of POSTGRES_PASSWORD_FILE (docs/postgresql.md#tokens-of-a-cloud)';
  return [{ variables: ['POSTGRES_IAM_AUTH_PROVIDER'], message }];
}

/** The paths that the variables `NAME_FILE` of secrets name. */
export const secretFilesIn = (env: NodeJS.ProcessEnv): string[] =>
  settingsIn(SETTINGS)
    .flatMap(({ variables, names }) => variables.filter((variable) => !names.includes(variable)))
    .flatMap((variable) => env[variable] || []);

/** What does not stop a start, but what the operator probably did not intend; the message holds no value. */
export type SettingWarning = {
  readonly kind: 'short_secret' | 'unknown_setting';
  readonly message: string;
};

export function settingWarnings(env: NodeJS.ProcessEnv, values: SettingValues): SettingWarning[] {
  return [
    ...shortSecrets(values).map((message) => ({ kind: 'short_secret', message }) as const),
    ...misspelled(env).map((message) => ({ kind: 'unknown_setting', message }) as const),
  ];
}

/** A secret that is long enough is used as it is. */
export const isShortSecret = (secret: string): boolean => secret.length < 32;

function shortSecrets({ basicAuth: { jwtSecret }, apiKeys: { salt } }: SettingValues): string[] {
  const risk = 'has fewer than 32 characters: anyone who guesses it can sign in as any user';
  return [
    ...(jwtSecret !== null && isShortSecret(jwtSecret) ? [`BASIC_AUTH_JWT_SECRET ${risk}`] : []),
    ...(jwtSecret === null && salt !== null && isShortSecret(salt)
      ? [`API_KEY_SALT, from which the secret of sessions is derived, ${risk}`]
      : []),
  ];
}

/** Shorter names resemble too many others. */
const LONG_NAME = 8;
const MAX_DISTANCE = 2;

/** Names of other programs that differ from a setting in one or two letters. */
const OTHERS = new Set(['HTTP_PROXY', 'http_proxy']);

function misspelled(env: NodeJS.ProcessEnv): string[] {
  const isKnown = new Set([...VARIABLES, ...OTHERS]);
  return Object.keys(env)
    .filter((name) => name.length >= LONG_NAME && !isKnown.has(name))
    .flatMap((name) => {
      const similar = closest(name);
      return similar ? [`${name} is not a setting and has no effect; did you mean ${similar}?`] : [];
    });
}

function closest(name: string): string | null {
  const candidates = VARIABLES.filter(
    (other) => other.length >= LONG_NAME && Math.abs(other.length - name.length) <= MAX_DISTANCE,
  )
    .map((other) => ({ other, distance: editDistance(name, other) }))
    .filter(({ distance }) => distance <= MAX_DISTANCE)
    .toSorted((left, right) => left.distance - right.distance);
  return candidates[0]?.other ?? null;
}

/** Levenshtein: how many letters must be inserted, removed or replaced; infinite above the largest of interest. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [fromIndex, letter] of [...from].entries()) {
    const next = [fromIndex + 1];
    for (const [toIndex, other] of [...to].entries()) {
      const replaced = (row[toIndex] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[toIndex + 1] ?? 0) + 1, (next[toIndex] ?? 0) + 1));
    }
    if (Math.min(...next) > MAX_DISTANCE) return Infinity;
    row = next;
  }
  return row.at(-1) ?? 0;
}
