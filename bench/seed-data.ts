import type pg from 'pg';

/*
 * Inserts users, organizations and memberships, set by set. The statements share the temporary tables `people` (id, n)
 * and `places` (org_id, workspace_id, n), so they must use the same connection.
 */

const ORGANIZATION_USER = `(select id from roles where org_id is null and name = 'ORGANIZATION_USER')`;
const NAMES = `p.id || '@example.com', 'Person ' || p.n`;
const WORKSPACE_VIEWER = `(select id from roles where org_id is null and name = 'WORKSPACE_VIEWER')`;

export async function insertUsers(client: pg.Client, count: number): Promise<void> {
  await run(client, [
    'drop table if exists people',
    `create temporary table people as select uuidv7() as id, n from generate_series(0, ${count - 1}) n`,
    `insert into users (id, email, full_name) select p.id, ${NAMES} from people p`,
    `insert into login_methods (id, user_id, provider) select uuidv7(), id, 'email' from people`,
  ]);
}

/** Chooses new organizations, each with one workspace, for `insertMemberships`. */
export async function insertOrganizations(client: pg.Client, count: number): Promise<void> {
  await run(client, [
    'drop table if exists places',
    `create temporary table places as
      select uuidv7() as org_id, uuidv7() as workspace_id, n from generate_series(0, ${count - 1}) n`,
    `insert into organizations (id, display_name) select org_id, 'Organization ' || n from places`,
    `insert into workspaces (id, org_id, display_name) select workspace_id, org_id, 'Workspace' from places`,
  ]);
}

/** Chooses the existing default organization for `insertMemberships`. */
export async function markDefaultOrganization(client: pg.Client): Promise<void> {
  await run(client, [
    `create temporary table places as
      select o.id as org_id, w.id as workspace_id, 0 as n
      from organizations o join workspaces w on w.org_id = o.id where o.is_default`,
  ]);
}

/** Adds the users evenly to the chosen places, with one joining time per second. */
export async function insertMemberships(client: pg.Client): Promise<void> {
  const joining = `
    from people p join places o on o.n = p.n % (select count(*) from places)
    order by p.n`;
  const joinedAt = `now() - p.n * interval '1 second'`;
  await run(client, [
    `insert into org_memberships (id, org_id, user_id, role_id, source, created_via, created_at, user_email, user_full_name)
      select uuidv7(), o.org_id, p.id, ${ORGANIZATION_USER}, 'invitation', 'unknown', ${joinedAt}, ${NAMES} ${joining}`,
    `insert into workspace_memberships (id, org_id, workspace_id, user_id, role_id, source, created_via, created_at, user_email,
        user_full_name)
      select uuidv7(), o.org_id, o.workspace_id, p.id, ${WORKSPACE_VIEWER}, 'invitation', 'unknown', ${joinedAt}, ${NAMES} ${joining}`,
    `insert into headcounts (org_id, members)
      select o.org_id, count(*) from people p join places o on o.n = p.n % (select count(*) from places)
      group by o.org_id
      on conflict (org_id) do update set members = headcounts.members + excluded.members`,
    `insert into workspace_headcounts (workspace_id, members)
      select o.workspace_id, count(*) from people p join places o on o.n = p.n % (select count(*) from places)
      group by o.workspace_id
      on conflict (workspace_id) do update set members = workspace_headcounts.members + excluded.members`,
  ]);
}

/** The first of the chosen places. */
export async function findFirstOrganization(
  client: pg.Client,
): Promise<{ orgId: string; workspaceId: string }> {
  const { rows } = await client.query<{ orgId: string; workspaceId: string }>(
    'select org_id as "orgId", workspace_id as "workspaceId" from places order by n limit 1',
  );
  return rows[0]!;
}

/** Runs the statements without triggers: foreign keys need no check, because the rows are generated consistently. */
async function run(client: pg.Client, statements: readonly string[]): Promise<void> {
  await client.query('set session_replication_role = replica');
  for (const statement of statements) await client.query(statement);
  await client.query('set session_replication_role = origin');
}
