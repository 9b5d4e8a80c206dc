import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What organizations require of a sign-in, and what sessions know about theirs (docs/decisions/0108). */
export class AddSignInAssurance1765100000000 implements MigrationInterface {
  name = 'AddSignInAssurance1765100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('lock table organizations, sessions in access exclusive mode');
    await runner.query(`
      alter table organizations
        add column required_acr text[] not null default '{}',
        add column required_amr text[] not null default '{}',
        add column max_authentication_age integer,
        add constraint organizations_sign_in_requirement_is_sane check (
          cardinality(required_acr) <= 10 and cardinality(required_amr) <= 10
          and max_authentication_age between 300 and 7776000)`);
    await runner.query(`
      alter table sessions
        add column acr text,
        add column amr text[],
        add column authenticated_at timestamptz,
        add column provider_expires_at timestamptz`);
    for (const [column, comment] of Object.entries(COMMENTS))
      await runner.query(`comment on column ${column} is '${comment}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('lock table organizations, sessions in access exclusive mode');
    await runner.query(`
      alter table sessions drop column acr, drop column amr, drop column authenticated_at,
        drop column provider_expires_at`);
    await runner.query(`
      alter table organizations drop column required_acr, drop column required_amr, drop column max_authentication_age`);
  }
}

const COMMENTS = {
  'organizations.required_acr': 'A session needs one of these acr values. Empty: any.',
  'organizations.required_amr': 'A session needs all of these amr values.',
  'organizations.max_authentication_age':
    'How long ago the user of a session may have signed in at the identity provider, in seconds. Null: any time.',
  'sessions.acr':
    'The claim of the ID token of the sign-in. Null: it had none, or the session has no ID token.',
  'sessions.amr': 'As acr.',
  'sessions.authenticated_at': 'The claim auth_time, as acr.',
  'sessions.provider_expires_at':
    'The claim session_expiry of the last ID token that had it. Null: none had.',
};
