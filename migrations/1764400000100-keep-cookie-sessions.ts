import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Sessions of single sign-on: an opaque cookie, stored as a digest, and the data to refresh the session at the identity
 * provider and to accept a logout from it.
 */
export class KeepCookieSessions1764400000100 implements MigrationInterface {
  name = 'KeepCookieSessions1764400000100';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** Deletes the sessions with a cookie, which cannot be looked up without these columns. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table used_logout_tokens');
    await runner.query(`delete from sessions where method <> 'password'`);
    await runner.query(`
      alter table sessions
        drop column method, drop column token_digest, drop column issuer, drop column subject,
        drop column provider_session_id, drop column sealed_refresh_token, drop column sealed_id_token,
        drop column confirmed_until, drop column refresh_due_at, drop column refreshing_until`);
  }
}

const STATEMENTS = [
  `alter table sessions
    add column method text not null default 'password',
    add column token_digest bytea,
    add column issuer text,
    add column subject text,
    add column provider_session_id text,
    add column sealed_refresh_token text,
    add column sealed_id_token text,
    add column confirmed_until timestamptz,
    add column refresh_due_at timestamptz,
    add column refreshing_until timestamptz,
    add constraint sessions_method_is_known check (method in ('password', 'sso', 'break-glass')),
    add constraint sessions_of_sso_have_a_login check (method <> 'sso' or (
      token_digest is not null and issuer is not null and subject is not null and confirmed_until is not null)),
    add constraint sessions_refresh_with_a_token check (
      (refresh_due_at is null) = (sealed_refresh_token is null)),
    add constraint sessions_are_confirmed_at_most_to_the_end check (confirmed_until <= expires_at)`,
  `create unique index sessions_one_per_token on sessions (token_digest) where token_digest is not null`,
  `create index sessions_by_provider_session on sessions (issuer, provider_session_id)
    where provider_session_id is not null`,
  `create index sessions_by_subject on sessions (issuer, subject) where issuer is not null`,

  `create table used_logout_tokens (
    digest bytea not null,
    expires_at timestamptz not null,
    constraint used_logout_tokens_pkey primary key (digest))`,
  `create index used_logout_tokens_by_expiry on used_logout_tokens (expires_at)`,
];
