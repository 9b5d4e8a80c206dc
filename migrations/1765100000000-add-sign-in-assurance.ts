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
    await runner.query(logOfSessions(`${SESSION_COLUMNS}, acr, amr, authenticated_at`));
    for (const [column, comment] of Object.entries(COMMENTS))
      await runner.query(`comment on column ${column} is '${comment}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('lock table organizations, sessions in access exclusive mode');
    await runner.query(logOfSessions(SESSION_COLUMNS));
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

const EVERYBODY = `'00000000-0000-0000-0000-000000000000'::uuid`;
const SESSION_COLUMNS = 'id, user_id, token_digest, method';

/** As in LogAccessChanges1764870000000, with the columns that decide access. */
const logOfSessions = (columns: string) => `
  create or replace function log_sessions_changes() returns trigger language plpgsql as $$
  begin
    case tg_op
      when 'UPDATE' then perform log_access_changes(array(
        select distinct id from (
          (select ${columns} from old_rows except select ${columns} from new_rows)
          union all (select ${columns} from new_rows except select ${columns} from old_rows)) r) || array(
        select n.id from new_rows n join old_rows o on o.id = n.id
        where n.expires_at < o.expires_at
          or coalesce(n.confirmed_until, 'infinity') < coalesce(o.confirmed_until, 'infinity')
          or coalesce(n.refresh_due_at, 'infinity') < coalesce(o.refresh_due_at, 'infinity')));
      when 'DELETE' then perform log_access_changes(array(select distinct id from old_rows));
      else perform log_access_changes(array[${EVERYBODY}]);
    end case;
    return null;
  end $$`;
