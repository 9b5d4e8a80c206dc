import type { MigrationInterface, QueryRunner } from 'typeorm';

const NEVER_CHANGES_A_DIGEST = {
  harmlessBecause: 'The previous release inserts keys without a previous secret, and changes no digest.',
};

/**
 * Keys, personal access tokens and SCIM tokens get a new secret while the previous one may stay valid for a while
 * (docs/contract/keys.md#rotating-keys-and-tokens). Servers of older versions accept the new secret only.
 */
export class RotateCredentials1764900500000 implements MigrationInterface {
  name = 'RotateCredentials1764900500000';
  readonly contract = {
    'add constraint api_keys.api_keys_previous_secret_is_another': NEVER_CHANGES_A_DIGEST,
    'add constraint scim_tokens.scim_tokens_previous_secret_is_another': NEVER_CHANGES_A_DIGEST,
  };

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES)
      await runner.query(`
        alter table ${table}
          add column previous_digest bytea,
          add column previous_ends_at timestamptz,
          add constraint ${table}_previous_secret_is_complete
            check ((previous_digest is null) = (previous_ends_at is null)),
          add constraint ${table}_previous_secret_is_another check (previous_digest <> digest)`);
    await runner.query(REFUSE_PREVIOUS_SECRETS);
    for (const table of TABLES) {
      await runner.query(
        `create unique index ${table}_previous_digest_key on ${table} (previous_digest) where previous_digest is not null`,
      );
      await runner.query(`
        create trigger refuse_previous_secrets after insert or update of digest on ${table}
          for each row execute function refuse_previous_secrets()`);
      for (const [column, comment] of Object.entries(COMMENTS))
        await runner.query(`comment on column ${table}.${column} is '${comment}'`);
    }
    await runner.query(logOfKeys(`${KEY_COLUMNS}, previous_digest, previous_ends_at`));
    await runner.query(logOfScimTokens(`${SCIM_TOKEN_COLUMNS}, previous_digest, previous_ends_at`));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(logOfKeys(KEY_COLUMNS));
    await runner.query(logOfScimTokens(SCIM_TOKEN_COLUMNS));
    await runner.query('drop function refuse_previous_secrets cascade');
    for (const table of TABLES)
      await runner.query(`alter table ${table} drop column previous_digest, drop column previous_ends_at`);
  }
}

const TABLES = ['api_keys', 'scim_tokens'] as const;

const COMMENTS = {
  previous_digest:
    'The digest of the secret before the last rotation. Null: that ended at once, or there was none.',
  previous_ends_at: 'Until then the secret before the last rotation is accepted, too.',
};

/**
 * A secret that was replaced never becomes the secret of another row. It runs after the unique index on \`digest\` has
 * waited for a rotation that is under way, and therefore sees it.
 */
const REFUSE_PREVIOUS_SECRETS = `
  create function refuse_previous_secrets() returns trigger language plpgsql as $$
  declare is_used boolean;
  begin
    if tg_table_name = 'api_keys' then
      is_used := exists (select from api_keys where previous_digest = new.digest);
    else
      is_used := exists (select from scim_tokens where previous_digest = new.digest);
    end if;
    if is_used then
      raise exception 'this secret was replaced by a rotation' using
        errcode = 'unique_violation', table = tg_table_name, constraint = tg_table_name || '_digest_key';
    end if;
    return null;
  end $$`;

/** What decides access (docs/decisions/0061). */
const KEY_COLUMNS = `id, digest, kind, user_id, org_id, org_role_id, workspace_role_id, is_org_wide, default_workspace_id,
      revoked_at, expires_at`;
const SCIM_TOKEN_COLUMNS = 'id, digest, org_id, makes_admins, created_by_user_id, expires_at';

const EVERYBODY = `'00000000-0000-0000-0000-000000000000'::uuid`;

const logOfKeys = (columns: string) => `
  create or replace function log_api_keys_changes() returns trigger language plpgsql as $$
  begin
    case tg_op
      when 'UPDATE' then perform log_access_changes(array(
        select distinct id from (
          (select ${columns} from old_rows except select ${columns} from new_rows)
          union all (select ${columns} from new_rows except select ${columns} from old_rows)) r));
      when 'DELETE' then perform log_access_changes(array(select id from old_rows));
      else perform log_access_changes(array[${EVERYBODY}]);
    end case;
    return null;
  end $$`;

const logOfScimTokens = (columns: string) => `
  create or replace function log_scim_tokens_changes() returns trigger language plpgsql as $$
  begin
    case tg_op
      when 'UPDATE' then perform log_access_changes(array(
        select distinct id from (select ${columns} from old_rows except select ${columns} from new_rows) r));
      when 'DELETE' then perform log_access_changes(array(select id from old_rows));
      else perform log_access_changes(array[${EVERYBODY}]);
    end case;
    return null;
  end $$`;
