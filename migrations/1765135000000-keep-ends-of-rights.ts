import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Service keys and SCIM tokens store until when their creator had the rights with which they were created
 * (docs/contract/members.md#what-a-caller-whose-access-ends-gives). For older ones it is their expiry, if a role of the creator ends at that
 * moment.
 */
export class KeepEndsOfRights1765135000000 implements MigrationInterface {
  name = 'KeepEndsOfRights1765135000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) {
      await runner.query(`alter table ${table} add column rights_end_at timestamptz`);
      await runner.query(`comment on column ${table}.rights_end_at is '${COMMENT}'`);
    }
    await runner.query(`
      update api_keys k set rights_end_at = k.expires_at
      where k.kind = 'service' and k.expires_at is not null and k.created_by_user_id is not null
        and (${ENDS_IN_ORG('k')}
          or exists (
            select from workspace_memberships w
            where w.org_id = k.org_id and w.user_id = k.created_by_user_id and w.access_expires_at = k.expires_at
              and ${COVERS('w')})
          or exists (
            select from user_group_roles g join workspaces v on v.id = g.workspace_id and v.org_id = k.org_id
            where g.user_id = k.created_by_user_id and g.ends_at = k.expires_at and ${COVERS('g')}))`);
    await runner.query(`
      update scim_tokens k set rights_end_at = k.expires_at
      where k.expires_at is not null and k.created_by_user_id is not null and ${ENDS_IN_ORG('k')}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`alter table ${table} drop column rights_end_at`);
  }
}

const TABLES = ['api_keys', 'scim_tokens'] as const;

const COMMENT =
  'When the rights of the creator end with which it was created. Null: they did not end then. It gives no rank for longer.';

const ENDS_IN_ORG = (key: string) => `
  exists (
    select from org_memberships m
    where m.org_id = ${key}.org_id and m.user_id = ${key}.created_by_user_id and m.access_expires_at = ${key}.expires_at)`;

const COVERS = (role: string) => `
  (k.is_org_wide or exists (
    select from api_key_workspaces c where c.api_key_id = k.id and c.workspace_id = ${role}.workspace_id))`;
