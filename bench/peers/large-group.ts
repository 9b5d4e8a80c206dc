import { randomUUID } from 'node:crypto';
import { withClient } from '../database.ts';
import type { Installation } from '../installations.ts';

/** Inserts a SCIM group of `members` new users and returns its id. */
export function insertGroup({ databaseUrl, orgId }: Installation, members: number): Promise<string> {
  const groupId = randomUUID();
  return withClient(databaseUrl, async (client) => {
    await client.query('set session_replication_role = replica'); // the rows are consistent; no check is needed
    await client.query(
      `create temporary table added as
        select uuidv7() as user_id, uuidv7() as scim_id, 'member-' || n || '@scim.example.com' as email
        from generate_series(1, ${members}) n`,
    );
    for (const statement of ROWS) await client.query(statement, [orgId]);
    await client.query(GROUP, [groupId, orgId]);
    await client.query(
      `insert into scim_group_members (group_id, scim_user_id, org_id, created_via)
        select $1, scim_id, $2, 'scim_group' from added`,
      [groupId, orgId],
    );
    await client.query('vacuum analyze');
    return groupId;
  });
}

const ROLE = `(select id from roles where org_id is null and name = 'ORGANIZATION_USER')`;
const ROWS = [
  `insert into users (id, email, full_name) select user_id, email, 'Person' from added where $1::uuid is not null`,
  `insert into org_memberships (id, org_id, user_id, role_id, source, created_via, user_email, user_full_name)
    select uuidv7(), $1, user_id, ${ROLE}, 'scim', 'scim_user', email, 'Person' from added`,
  `insert into headcounts as h (org_id, members, scim_users) select $1, count(*), count(*) from added
    on conflict (org_id) do update set members = h.members + excluded.members,
      scim_users = h.scim_users + excluded.scim_users`,
  `insert into scim_users (id, org_id, user_id, made_account, user_name, emails, attributes)
    select scim_id, $1, user_id, true, email, array[email], '{}' from added`,
];
const GROUP = `insert into scim_groups (id, org_id, display_name, kind) values ($1, $2, 'Large team', 'unknown')`;
