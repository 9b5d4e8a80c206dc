import { role } from './fixtures.js';
import type { TestApp } from './test-app.js';

/** A member of a bulk insert, as stored in the database. */
export type CreatedMember = { userId: string; email: string; fullName: string | null; isDisabled: boolean };

const INSERT_USERS = `
  insert into users (id, email, full_name)
  select gen_random_uuid(), format('%s-%s@example.com', $2::text, lpad((n::bigint * 7919 % 1000003)::text, 7, '0')),
    case when n % 5 > 0 then format('Name %s', lpad((n::bigint * 104729 % 1009)::text, 4, '0')) end
  from generate_series(1, $1::int) as n
  returning id as "userId"`;

const INSERT_IN_ORG = `
  with numbered as (
    select id, email, full_name, row_number() over (order by email) as n from users where id = any($2)),
  members as (
    insert into org_memberships (id, org_id, user_id, role_id, source, created_via, is_disabled, created_at)
    select gen_random_uuid(), $1, id, case when n % 3 = 0 then $3::uuid else $4::uuid end, 'manual', 'unknown', n % 10 = 0,
      timestamptz '2024-01-01' + (n / 4) * interval '1 minute'
    from numbered returning user_id, is_disabled)
  select p.id as "userId", p.email, p.full_name as "fullName", m.is_disabled as "isDisabled"
  from numbered p join members m on m.user_id = p.id`;

const INSERT_IN_WORKSPACE = `
  insert into workspace_memberships (id, org_id, workspace_id, user_id, role_id, source, created_via, created_at)
  select gen_random_uuid(), org_id, $2, user_id, $4, 'manual', 'unknown', created_at
  from org_memberships where org_id = $1 and user_id = any($3)`;

/**
 * Inserts thousands of members directly into an organization and its workspace: every fifth without a name, every tenth
 * disabled, a third Organization Viewers, groups of four with the same creation time.
 */
export async function createMembers(
  database: Pick<TestApp, 'sql'>,
  { orgId, workspaceId }: { orgId: string; workspaceId: string },
  size: number,
): Promise<CreatedMember[]> {
  const users = await database.sql<{ userId: string }>(INSERT_USERS, [size, `bulk-${orgId.slice(-6)}`]);
  const ids = users.map(({ userId }) => userId);
  // As autovacuum would within a minute: foreign keys are checked by kept plans, which else suit the former size.
  await database.sql('analyze users');
  const roles = [role('ORGANIZATION_VIEWER'), role('ORGANIZATION_USER')];
  const members = await database.sql<CreatedMember>(INSERT_IN_ORG, [orgId, ids, ...roles]);
  await database.sql('analyze org_memberships');
  await database.sql(INSERT_IN_WORKSPACE, [orgId, workspaceId, ids, role('WORKSPACE_USER')]);
  return members;
}
