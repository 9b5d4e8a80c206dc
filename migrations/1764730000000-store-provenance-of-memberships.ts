import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Where memberships come from, and who changed their role last: unknown for existing rows until the next migration.
 * The default lets servers of the previous version add members during a rolling restart.
 */
export class StoreProvenanceOfMemberships1764730000000 implements MigrationInterface {
  name = 'StoreProvenanceOfMemberships1764730000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['org_memberships', 'workspace_memberships'])
      for (const statement of addProvenance(table)) await runner.query(statement);
    await runner.query(`
      alter table scim_group_members
        add column created_via text not null default 'unknown',
        add column created_by_key_id uuid,
        add column created_audit_entry_id uuid,
        add constraint scim_group_members_created_via_is_known check (created_via in ('scim_group', 'unknown'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['org_memberships', 'workspace_memberships'])
      await runner.query(`
        alter table ${table} drop column created_via, drop column invitation_id, drop column created_by_user_id,
          drop column created_by_key_id, drop column created_audit_entry_id, drop column role_changed_at,
          drop column role_changed_by_user_id, drop column role_changed_by_key_id,
          drop column role_changed_audit_entry_id`);
    await runner.query(`
      alter table scim_group_members drop column created_via, drop column created_by_key_id,
        drop column created_audit_entry_id`);
  }
}

const addProvenance = (table: string) => [
  `alter table ${table}
    add column created_via text not null default 'unknown',
    add column invitation_id uuid,
    add column created_by_user_id uuid,
    add column created_by_key_id uuid,
    add column created_audit_entry_id uuid,
    add column role_changed_at timestamptz,
    add column role_changed_by_user_id uuid,
    add column role_changed_by_key_id uuid,
    add column role_changed_audit_entry_id uuid,
    add constraint ${table}_created_via_is_known check (created_via in ('invitation', 'direct_add',
      'organization_creation', 'workspace_creation', 'jit', 'sso_group', 'scim_user', 'scim_group', 'bootstrap',
      'operator', 'unknown')),
    add constraint ${table}_invitation_created_it check (invitation_id is null or created_via = 'invitation'),
    add constraint ${table}_invitation_id_fkey
      foreign key (invitation_id) references invitations(id) on delete set null`,
  `create index ${table}_invitation_id_idx on ${table} (invitation_id) where invitation_id is not null`,
];
