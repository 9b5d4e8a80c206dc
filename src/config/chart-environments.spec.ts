import { describe, expect, it } from '@jest/globals';
import {
  ACCEPTED,
  BASIC_WITH_EXISTING_SECRETS,
  COMPOSE,
  OAUTH_BELOW_PATH,
  OAUTH_WITH_IAM,
} from '../../test/support/chart-environments.js';
import { loadConfig } from './config.js';
import { parseEnvironment } from './parse-environment.js';

const DATA_DIR = '/nonexistent';

describe('an environment of the LangSmith chart', () => {
  it.each(ACCEPTED)(
    'is accepted without secrets on disk: %s',
    (_, environment, { LANGSMITH_URL: publicUrl }) => {
      expect(loadConfig({ ...environment, DATA_DIR })).toMatchObject({
        server: { publicUrl },
        database: { url: expect.stringContaining('@pg.example.com:5432/tenantry') },
      });
    },
  );

  it.each(ACCEPTED)('causes no warning about a misspelt name: %s', (_, environment) => {
    const { warnings } = loadConfig({ ...environment, DATA_DIR });
    expect(warnings.filter(({ kind }) => kind === 'unknown_setting')).toEqual([]);
  });

  it('keeps a password as the operator typed it into the parts form', () => {
    const { url } = loadConfig({ ...BASIC_WITH_EXISTING_SECRETS, DATA_DIR }).database;
    expect(decodeURIComponent(new URL(url ?? '').password)).toBe('s/e#c?r@et%1');
  });

  it('takes the scheme of another address of the same host', () => {
    const internal = {
      LANGSMITH_URL: 'tenantry.internal/base',
      LANGSMITH_PUBLIC_API_ENDPOINT: 'http://tenantry.internal/base/api',
    };
    expect(parseEnvironment(internal).server.publicUrl).toBe('http://tenantry.internal/base');
    expect(parseEnvironment({ ...internal, LANGSMITH_URL: 'other.internal' }).server.publicUrl).toBe(
      'https://other.internal',
    );
  });

  it('is refused for the identity of the cloud as the only problem', () => {
    expect(() => parseEnvironment(OAUTH_WITH_IAM)).toThrow(
      expect.objectContaining({
        problems: [
          {
            variables: ['POSTGRES_IAM_AUTH_PROVIDER'],
            message: expect.stringContaining('docs/postgresql.md#tokens-of-a-cloud'),
          },
        ],
      }),
    );
  });
});

describe('the environment of docker compose', () => {
  it('is accepted with warnings about its short secrets', () => {
    const { server, database, warnings } = loadConfig({ ...COMPOSE, DATA_DIR });
    expect(server.publicUrl).toBe('http://localhost:1980');
    expect(database.url).toContain('postgres://postgres:postgres@langchain-db:5432/postgres');
    expect(warnings).toEqual([
      { kind: 'short_secret', message: expect.stringContaining('BASIC_AUTH_JWT_SECRET') },
    ]);
  });
});

describe('a misspelt setting', () => {
  it.each([
    ['DATABASE_URI', 'DATABASE_URL'],
    ['OAUTH_SCOPE', 'OAUTH_SCOPES'],
    ['FF_PERSONAL_ORG_DISABLED', 'FF_PERSONAL_ORGS_DISABLED'],
    ['API_KEY_SLAT', 'API_KEY_SALT'],
    ['OAUTH_CLIENT_SECRET_FILES', 'OAUTH_CLIENT_SECRET_FILE'],
  ])('causes a warning: %s', (name, meant) => {
    const { warnings } = loadConfig({ ...OAUTH_BELOW_PATH, DATA_DIR, [name]: 'value' });
    const message = `${name} is not a setting and has no effect; did you mean ${meant}?`;
    expect(warnings).toEqual([{ kind: 'unknown_setting', message }]);
  });
});
