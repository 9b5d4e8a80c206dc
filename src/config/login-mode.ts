import { isSafeTransport } from '../common/http/safe-transport.js';
import type { EnvironmentProblem } from './environment.errors.js';

/** How the client authenticates at the token endpoint (OpenID Connect Core 1.0, section 9). */
export const AUTH_METHODS = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const;
export type AuthMethod = (typeof AUTH_METHODS)[number];

/** The part of the environment that decides the login mode. */
type LoginSettings = {
  readonly AUTH_TYPE: string | null;
  readonly BASIC_AUTH_ENABLED: boolean | null;
  readonly LANGSMITH_URL: string | null;
  readonly OAUTH_TOKEN_ENDPOINT_AUTH_METHOD: AuthMethod | null;
};

const CREDENTIALS = ['OAUTH_CLIENT_SECRET', 'OAUTH_CLIENT_PRIVATE_KEY'] as const;

type FindSet = (
  name: keyof LoginSettings | 'OAUTH_CLIENT_ID' | (typeof CREDENTIALS)[number] | 'OAUTH_ISSUER_URL',
) => string[];

/**
 * The login mode is set by several variables, which must be consistent: password login, or an identity provider with a
 * client secret (`mixed`) or without one (`oauth`). Checks which variables are set, not which are valid, so that an
 * invalid variable is one problem and not two.
 */
export function loginModeProblems(findSet: FindSet, environment: LoginSettings): EnvironmentProblem[] {
  const client = ['OAUTH_CLIENT_ID', 'OAUTH_ISSUER_URL'] as const;
  const missing = client.filter((name) => findSet(name).length === 0);
  if (missing.length === client.length) return passwordProblems(findSet, environment);
  return [
    ...missing.map((name) => problem([name], 'is needed for single sign-on')),
    ...secretProblems(findSet, environment),
    ...(environment.BASIC_AUTH_ENABLED === true
      ? [
          problem(
            findSet('BASIC_AUTH_ENABLED'),
            'must be off when OAUTH_* configures single sign-on; the two exclude each other',
          ),
        ]
      : []),
    ...addressProblems(findSet, environment.LANGSMITH_URL),
  ];
}

function passwordProblems(
  findSet: FindSet,
  { BASIC_AUTH_ENABLED, AUTH_TYPE }: LoginSettings,
): EnvironmentProblem[] {
  const needsClient = 'needs OAUTH_CLIENT_ID and OAUTH_ISSUER_URL';
  const unpaired = [
    ...CREDENTIALS.flatMap(findSet),
    ...findSet('OAUTH_TOKEN_ENDPOINT_AUTH_METHOD'),
    ...(AUTH_TYPE === 'oauth' ? findSet('AUTH_TYPE') : []),
  ];
  return [
    ...unpaired.map((variable) => problem([variable], needsClient)),
    ...(BASIC_AUTH_ENABLED === false
      ? [problem(findSet('BASIC_AUTH_ENABLED'), `leaves no way to log in: single sign-on ${needsClient}`)]
      : []),
  ];
}

function secretProblems(findSet: FindSet, settings: LoginSettings): EnvironmentProblem[] {
  const given = CREDENTIALS.flatMap(findSet);
  if (settings.AUTH_TYPE === 'oauth') {
    const method = findSet('OAUTH_TOKEN_ENDPOINT_AUTH_METHOD');
    return [...given, ...method].map((variable) =>
      problem([variable], 'must be unset with AUTH_TYPE=oauth, which is for clients without a secret'),
    );
  }
  if (given.length === 0)
    return [
      problem(
        ['OAUTH_CLIENT_SECRET'],
        'is needed, unless there is a private key, or AUTH_TYPE=oauth declares a client without a secret',
      ),
    ];
  return methodProblems(settings, {
    hasSecret: findSet('OAUTH_CLIENT_SECRET').length > 0,
    hasKey: findSet('OAUTH_CLIENT_PRIVATE_KEY').length > 0,
  });
}

function methodProblems(
  { OAUTH_TOKEN_ENDPOINT_AUTH_METHOD: method }: LoginSettings,
  { hasSecret, hasKey }: { hasSecret: boolean; hasKey: boolean },
): EnvironmentProblem[] {
  if (method === null) return [];
  const variable = ['OAUTH_TOKEN_ENDPOINT_AUTH_METHOD'];
  if (method === 'private_key_jwt')
    return hasKey ? [] : [problem(variable, 'needs OAUTH_CLIENT_PRIVATE_KEY')];
  return hasSecret ? [] : [problem(variable, 'needs OAUTH_CLIENT_SECRET')];
}

/** The provider redirects users back to this URL. */
function addressProblems(findSet: FindSet, publicUrl: string | null): EnvironmentProblem[] {
  const variable = findSet('LANGSMITH_URL');
  if (variable.length === 0) {
    return [
      problem(['LANGSMITH_URL'], 'is needed for single sign-on: the provider redirects users back to it'),
    ];
  }
  if (publicUrl === null || isSafeTransport(new URL(publicUrl))) return [];
  return [problem(variable, 'must be https for single sign-on, unless the host is this machine')];
}

const problem = (variables: readonly string[], message: string): EnvironmentProblem => ({
  variables,
  message,
});
