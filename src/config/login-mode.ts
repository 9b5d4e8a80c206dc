import { isSafeTransport } from '../common/http/safe-transport.js';
import type { EnvironmentProblem } from './environment.errors.js';

/** The part of the environment that decides the login mode. */
type LoginSettings = {
  readonly AUTH_TYPE: string | null;
  readonly BASIC_AUTH_ENABLED: boolean | null;
  readonly LANGSMITH_URL: string | null;
};

type FindSet = (
  name:
    | keyof LoginSettings
    | 'OAUTH_CLIENT_ID'
    | 'OAUTH_CLIENT_SECRET'
    | 'OAUTH_ISSUER_URL'
    | 'INITIAL_ORG_ADMIN_EMAIL',
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
    ...(findSet('INITIAL_ORG_ADMIN_EMAIL').length === 0 ? [NO_FIRST_ADMIN] : []),
  ];
}

function passwordProblems(
  findSet: FindSet,
  { BASIC_AUTH_ENABLED, AUTH_TYPE }: LoginSettings,
): EnvironmentProblem[] {
  const needsClient = 'needs OAUTH_CLIENT_ID and OAUTH_ISSUER_URL';
  const unpaired = [
    ...findSet('OAUTH_CLIENT_SECRET'),
    ...(AUTH_TYPE === 'oauth' ? findSet('AUTH_TYPE') : []),
  ];
  return [
    ...unpaired.map((variable) => problem([variable], needsClient)),
    ...(BASIC_AUTH_ENABLED === false
      ? [problem(findSet('BASIC_AUTH_ENABLED'), `leaves no way to log in: single sign-on ${needsClient}`)]
      : []),
  ];
}

function secretProblems(findSet: FindSet, { AUTH_TYPE }: LoginSettings): EnvironmentProblem[] {
  const secret = findSet('OAUTH_CLIENT_SECRET');
  if (AUTH_TYPE === 'oauth' && secret.length > 0) {
    return [problem(secret, 'must be unset with AUTH_TYPE=oauth, which is for clients without a secret')];
  }
  if (AUTH_TYPE === 'oauth' || secret.length > 0) return [];
  return [
    problem(['OAUTH_CLIENT_SECRET'], 'is needed, unless AUTH_TYPE=oauth declares a client without a secret'),
  ];
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

/** Without it, a new installation could never get an admin, and no user could log in while the provider is down. */
const NO_FIRST_ADMIN: EnvironmentProblem = {
  variables: ['INITIAL_ORG_ADMIN_EMAIL'],
  message: 'is needed for single sign-on: the user who signs in with this address is the first admin',
};

const problem = (variables: readonly string[], message: string): EnvironmentProblem => ({
  variables,
  message,
});
