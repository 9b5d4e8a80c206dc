import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Personal access tokens store how their owner had signed in when they were created (docs/contract/sign-in.md#sign-in-requirement). Of older
 * ones it is unknown.
 */
export class KeepSignInsOfTokens1765180000000 implements MigrationInterface {
  name = 'KeepSignInsOfTokens1765180000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table api_keys add column sign_in_method text, add column acr text, add column amr text[],
        add column authenticated_at timestamptz,
        add constraint api_keys_sign_in_method_is_known check (sign_in_method in ('password', 'sso', 'break-glass'))`);
    for (const [column, text] of Object.entries(COMMENTS))
      await runner.query(`comment on column api_keys.${column} is '${text}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table api_keys drop column sign_in_method, drop column acr, drop column amr, drop column authenticated_at`);
  }
}

const COMMENTS = {
  sign_in_method:
    'Of the session with which a personal access token was created, or of the token. Null: unknown, as of service keys.',
  acr: 'Of the ID token of that sign-in.',
  amr: 'Of the ID token of that sign-in.',
  authenticated_at: 'The auth_time of the ID token of that sign-in.',
};
