import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Changes of access are logged with `session_replication_role = replica`, too, under which programs restore, copy and
 * repair rows without other triggers (docs/decisions/0061).
 */
export class LogAccessChangesOfReplicas1764891000000 implements MigrationInterface {
  name = 'LogAccessChangesOfReplicas1764891000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, event] of TRIGGERS)
      await runner.query(`alter table ${table} enable always trigger log_access_${event}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, event] of TRIGGERS)
      await runner.query(`alter table ${table} enable trigger log_access_${event}`);
  }
}

const LOGGED = [
  'api_keys',
  'api_key_workspaces',
  'sessions',
  'users',
  'org_memberships',
  'workspace_memberships',
  'user_group_roles',
  'roles',
  'organizations',
  'workspaces',
  'scim_tokens',
];
const INSERT_LOGGED = [
  'api_key_workspaces',
  'org_memberships',
  'workspace_memberships',
  'user_group_roles',
  'workspaces',
];

const TRIGGERS: readonly (readonly [table: string, event: string])[] = LOGGED.flatMap((table) =>
  [...(INSERT_LOGGED.includes(table) ? ['insert'] : []), 'update', 'delete', 'truncate'].map(
    (event) => [table, event] as const,
  ),
);
