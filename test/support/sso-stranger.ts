import { randomBytes } from 'node:crypto';
import { secretDigest } from '../../src/common/secrets/credential-formats.js';
import { newId } from '../../src/database/statements/new-id.js';
import type { Person } from './fixtures.js';
import { COOKIE } from './sso-session.js';
import { JWT_SECRET, type TestApp } from './test-app.js';

/** Single sign-on with a provider that is never contacted: its users are `ssoStranger`s. */
export const SSO_ENVIRONMENT = {
  LANGSMITH_URL: 'http://localhost:1984',
  OAUTH_CLIENT_ID: 'tenantry',
  OAUTH_CLIENT_SECRET: 'hush',
  OAUTH_ISSUER_URL: 'http://localhost:9',
};

/**
 * A user with a single sign-on session and in no organization, with an earlier password login method if `hadPassword`.
 */
export async function ssoStranger(t: TestApp, { hadPassword = false } = {}): Promise<Person> {
  const [email, userId] = [t.fixtures.email(), newId()];
  const token = randomBytes(32).toString('base64url');
  await t.sql(STRANGER, [userId, email, newId(), secretDigest(JWT_SECRET, token), hadPassword]);
  const cookie = { value: `${COOKIE}=${token}`, origin: SSO_ENVIRONMENT.LANGSMITH_URL };
  return { email, password: '', userId, api: t.api.as({ cookie }) };
}

const STRANGER = `
  with person as (insert into users (id, email) values ($1, $2)),
    login as (insert into login_methods (id, user_id, provider, issuer, subject, email_confirmed_at, email_confirmed_by)
      values (gen_random_uuid(), $1, 'custom-oidc', 'http://localhost:9', $2, now(), 'provider')),
    password as (insert into login_methods (id, user_id, provider) select gen_random_uuid(), $1, 'email' where $5)
  insert into sessions (id, user_id, expires_at, method, token_digest, issuer, subject, confirmed_until)
  values ($3, $1, now() + interval '1 day', 'sso', $4, 'http://localhost:9', $2, now() + interval '1 day')`;
