import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Keys, personal access tokens and SCIM tokens record the credential with which they were created
 * (docs/contract/keys.md#who-created-a-key). Its kind and id stay when it is deleted; `maker_key_id` then moves on to the
 * key or token with which that one was created, so that `revoke_created` also finds what a deleted key has made.
 */
export class RecordMakersOfCredentials1764895000000 implements MigrationInterface {
  name = 'RecordMakersOfCredentials1764895000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) {
      await runner.query(`
        alter table ${table}
          add column created_with_kind text,
          add column created_with_id uuid,
          add column maker_key_id uuid,
          add constraint ${table}_created_with_kind_is_known
            check (created_with_kind in ('session', 'personal-access-token', 'service-key')),
          add constraint ${table}_created_with_is_complete
            check ((created_with_kind is null) = (created_with_id is null))`);
      await runner.query(
        `create index ${table}_by_maker on ${table} (maker_key_id) where maker_key_id is not null`,
      );
    }
    for (const statement of FILL_IN) await runner.query(statement);
    await runner.query(PASS_ON);
    await runner.query(`
      create trigger pass_on_created_credentials after delete on api_keys referencing old table as old_rows
        for each statement execute function pass_on_created_credentials()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function pass_on_created_credentials cascade');
    for (const table of TABLES)
      await runner.query(`
        alter table ${table}
          drop column created_with_kind, drop column created_with_id, drop column maker_key_id`);
  }
}

const TABLES = ['api_keys', 'scim_tokens'] as const;

/** The entry of the audit log, if retention has not removed it, which is found by the id of the credential. */
const fromAuditLog = (table: string, operations: string) => `
  update ${table} c set created_with_kind = e.credential_kind, created_with_id = e.credential_id
  from ${table} n cross join lateral (
    select credential_kind, credential_id from audit_entries
    where resource_ids @> array[n.id] and operation in (${operations}) and succeeded and org_id = n.org_id
      and credential_kind in ('session', 'personal-access-token', 'service-key')
    order by created_at limit 1) e
  where c.id = n.id and n.created_with_id is null`;

const stillStored = (table: string) => `
  update ${table} c set maker_key_id = m.id
  from api_keys m where m.id = c.created_with_id and m.org_id = c.org_id`;

/**
 * Who made a SCIM token with a service key: the user who made that key. Not for tokens that are limited to the rights of
 * their user, which would be widened.
 */
const MAKERS_OF_SCIM_TOKENS = `
  update scim_tokens t set created_by_user_id = m.created_by_user_id
  from api_keys m where m.id = t.maker_key_id and t.created_by_user_id is null and t.makes_admins`;

const FILL_IN = [
  `update api_keys set created_with_kind = 'personal-access-token', created_with_id = parent_key_id
    where parent_key_id is not null`,
  fromAuditLog('api_keys', `'create_api_key', 'create_service_key', 'create_personal_access_token'`),
  fromAuditLog('scim_tokens', `'create_scim_token'`),
  ...TABLES.map(stillStored),
  MAKERS_OF_SCIM_TOKENS,
];

/** What deleted keys have made, and who is left of their makers: one statement may delete several of them. */
const HEIRS = `
  with recursive heirs (id, maker_key_id) as (
    select c.id, o.maker_key_id from old_rows o join CREATED c on c.maker_key_id = o.id
    union all
    select h.id, o.maker_key_id from heirs h join old_rows o on o.id = h.maker_key_id)
  update CREATED c set maker_key_id = h.maker_key_id from heirs h
  where c.id = h.id and not exists (select from old_rows o where o.id = h.maker_key_id)`;

const PASS_ON = `
  create function pass_on_created_credentials() returns trigger language plpgsql as $$
  begin
    ${TABLES.map((table) => `${HEIRS.replaceAll('CREATED', table)};`).join('\n    ')}
    return null;
  end $$`;
