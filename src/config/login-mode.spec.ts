import { describe, expect, it } from '@jest/globals';
import { parseEnvironment } from './environment.js';
import { InvalidEnvironment } from './environment.errors.js';

const SSO = {
  LANGSMITH_URL: 'https://tenantry.test',
  OAUTH_CLIENT_ID: 'tenantry',
  OAUTH_CLIENT_SECRET: 'hush',
  OAUTH_ISSUER_URL: 'https://idp.test',
  INITIAL_ORG_ADMIN_EMAIL: 'ada@example.com',
};
const WITHOUT_SECRET = { ...SSO, OAUTH_CLIENT_SECRET: '', AUTH_TYPE: 'oauth' };
const ON_THIS_MACHINE = { LANGSMITH_URL: 'http://127.0.0.1:1984', OAUTH_ISSUER_URL: 'http://localhost:4000' };

describe('the way to log in', () => {
  it.each<[string, NodeJS.ProcessEnv]>([
    ['a password, saying nothing', {}],
    ['a password, saying mixed', { AUTH_TYPE: 'mixed', BASIC_AUTH_ENABLED: 'true' }],
    ['a provider and a secret', SSO],
    [
      'a provider and a secret, saying all of it',
      { ...SSO, AUTH_TYPE: 'mixed', BASIC_AUTH_ENABLED: 'false' },
    ],
    ['a provider without a secret', WITHOUT_SECRET],
    ['a provider on this machine', { ...SSO, ...ON_THIS_MACHINE }],
    [
      'a provider given by its discovery address',
      { ...SSO, OAUTH_ISSUER_URL: `${SSO.OAUTH_ISSUER_URL}/.well-known/openid-configuration?p=1` },
    ],
    ['a password, with scopes that nobody asks for', { OAUTH_SCOPES: 'openid' }],
  ])('may be %s', (_, env) => {
    expect(parseEnvironment(env)).toBeDefined();
  });

  it.each<[string, NodeJS.ProcessEnv, string[]]>([
    ['neither', { BASIC_AUTH_ENABLED: 'false' }, ['BASIC_AUTH_ENABLED']],
    ['both', { ...SSO, BASIC_AUTH_ENABLED: 'true' }, ['BASIC_AUTH_ENABLED']],
    ['both, in the other spelling', { ...SSO, VITE_BASIC_AUTH_ENABLED: '1' }, ['VITE_BASIC_AUTH_ENABLED']],
    ['a client without an issuer', { ...SSO, OAUTH_ISSUER_URL: '' }, ['OAUTH_ISSUER_URL']],
    ['an issuer without a client', { ...SSO, OAUTH_CLIENT_ID: '' }, ['OAUTH_CLIENT_ID']],
    ['a client that should have a secret', { ...SSO, OAUTH_CLIENT_SECRET: '' }, ['OAUTH_CLIENT_SECRET']],
    ['a client that should have none', { ...SSO, AUTH_TYPE: 'oauth' }, ['OAUTH_CLIENT_SECRET']],
    ['without a secret and without a provider', { AUTH_TYPE: 'oauth' }, ['AUTH_TYPE']],
    ['a provider that cannot send anybody back', { ...SSO, LANGSMITH_URL: '' }, ['LANGSMITH_URL']],
    ['with an admin whom nobody knows', { ...SSO, INITIAL_ORG_ADMIN_EMAIL: '' }, ['INITIAL_ORG_ADMIN_EMAIL']],
    ['in the clear', { ...SSO, LANGSMITH_URL: 'http://tenantry.test' }, ['LANGSMITH_URL']],
    ['a provider in the clear', { ...SSO, OAUTH_ISSUER_URL: 'http://idp.test' }, ['OAUTH_ISSUER_URL']],
    [
      'a provider that looks local',
      { ...SSO, OAUTH_ISSUER_URL: 'http://127.0.0.1.evil.test' },
      ['OAUTH_ISSUER_URL'],
    ],
    [
      'a provider with a password in it',
      { ...SSO, OAUTH_ISSUER_URL: 'https://a:b@idp.test' },
      ['OAUTH_ISSUER_URL'],
    ],
    [
      'wrong in every respect',
      { OAUTH_CLIENT_ID: 'tenantry', BASIC_AUTH_ENABLED: 'true' },
      [
        'OAUTH_ISSUER_URL',
        'OAUTH_CLIENT_SECRET',
        'BASIC_AUTH_ENABLED',
        'LANGSMITH_URL',
        'INITIAL_ORG_ADMIN_EMAIL',
      ],
    ],
  ])('may not be %s', (_, env, variables) => {
    expect(problemVariables(env)).toEqual(variables);
  });
});

function problemVariables(env: NodeJS.ProcessEnv): string[] {
  try {
    parseEnvironment(env);
    return [];
  } catch (error) {
    if (error instanceof InvalidEnvironment) return error.problems.map(({ variables }) => variables.join());
    throw error;
  }
}
