import type { DataSource } from 'typeorm';
import { INVITED } from './people.ts';

const DAYS = 30;

/** What happens on an ordinary day, as often as its weight says. */
const USUAL: readonly [operation: string, method: string, path: string, weight: number][] = [
  ['login', 'POST', '/api/v1/login', 60],
  ['update_workspace_member', 'PATCH', '/api/v1/workspaces/current/members', 8],
  ['add_members_to_workspace_batch', 'POST', '/api/v1/workspaces/current/members/batch', 6],
  ['create_personal_access_token', 'POST', '/api/v1/orgs/current/personal-access-tokens', 6],
  ['delete_personal_access_token', 'DELETE', '/api/v1/orgs/current/personal-access-tokens', 3],
  ['claim_pending_organization_invite', 'POST', '/api/v1/orgs/pending', 5],
  ['delete_pending_organization_invite', 'DELETE', '/api/v1/orgs/pending', 1],
  ['update_org_member', 'PATCH', '/api/v1/orgs/current/members', 4],
  ['delete_workspace_member', 'DELETE', '/api/v1/workspaces/current/members', 3],
  ['create_service_key', 'POST', '/api/v1/orgs/current/service-keys', 2],
  ['update_role', 'PATCH', '/api/v1/orgs/current/roles', 1],
  ['update_organization_info', 'PATCH', '/api/v1/orgs/current/info', 1],
];

/** Of one organization; `hash` makes the choice the same on every run. */
const ENTRIES = `
  with usual as (
      select operation, method, path, sum(weight) over (order by position) as until, sum(weight) over () as total, weight
      from unnest($2::text[], $3::text[], $4::text[], $5::int[]) with ordinality u (operation, method, path, weight, position)),
    people as (select user_id, row_number() over (order by u.email) - 1 as at, count(*) over () as total
      from org_memberships m join users u on u.id = m.user_id where m.org_id = $1),
    places as (select id, row_number() over (order by created_at, id) - 1 as at, count(*) over () as total
      from workspaces where org_id = $1),
    moments as (
      select day, nth, abs(hashtext('demo ' || day || ' ' || nth)::bigint) as hash
      from generate_series(1, $6::int) day, generate_series(1, 45) nth
      where nth <= case when extract(isodow from now() - day * interval '1 day') > 5 then 6 else 45 end)
  insert into audit_entries (id, created_at, org_id, workspace_id, operation, succeeded, user_id, credential_kind,
    resource_ids, request_method, request_path, client_host, response_status, details)
  select gen_random_uuid(),
    date_trunc('day', now()) - day * interval '1 day' + interval '7 hours' + (hash / 7 % 39600) * interval '1 second',
    $1, case when operation like '%workspace%' then places.id end, operation, hash % 23 <> 0, people.user_id, 'session',
    case when hash % 23 = 0 or operation = 'login' then '{}' else array[gen_random_uuid()] end,
    method, path, ('192.0.2.' || (hash % 40 + 1))::inet, case when hash % 23 = 0 then 403 else 200 end,
    '{"demo": true}'
  from moments
    join usual on hash % total >= until - weight and hash % total < until
    join people on people.at = hash / 11 % people.total
    join places on places.at = hash / 13 % places.total
  order by 2`;

const JOINED = `
  update org_memberships m set created_at = now() - (1 + abs(hashtext(u.email)::bigint) % ($2::int * 24 - 24)) * interval '1 hour'
  from users u where u.id = m.user_id and m.org_id = $1`;

const JOINED_WORKSPACES = `
  update workspace_memberships w set created_at = m.created_at
  from org_memberships m where m.user_id = w.user_id and m.org_id = w.org_id and w.org_id = $1`;

const EXPIRED = `
  update invitations set created_at = now() - interval '31 days', expires_at = now() - interval '1 day'
  where org_id = $1 and status = 'pending' and email = any($2)`;

/**
 * A month in the past, which no API can write: inserted by SQL into the audit log before it is sealed, and marked with
 * `"demo": true` in its details. The server seals the rows like any others.
 */
export async function writeHistory(database: DataSource, orgId: string): Promise<void> {
  const column = <Index extends 0 | 1 | 2 | 3>(index: Index) => USUAL.map((row) => row[index]);
  await database.query(ENTRIES, [orgId, column(0), column(1), column(2), column(3), DAYS]);
  await database.query(JOINED, [orgId, DAYS]);
  await database.query(JOINED_WORKSPACES, [orgId]);
  await database.query(EXPIRED, [orgId, INVITED.expired.map(({ email }) => email)]);
}
