import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { BenchContext, Installation } from './installations.ts';
import { type Finding, perSecond } from './report.ts';
import { repeated, runAlternating } from './alternating-runs.ts';

const SIZE = 500;
const AT_ONCE = 4;
const TARGET = 25_000; // invitations per second

/** Batches of 500 new people for one workspace; the lock of the organization lets one batch write at a time. */
export async function batch({ small }: BenchContext): Promise<Finding[]> {
  await letWorkspaceAdminsInvite(small);
  const pool = new pg.Pool({ connectionString: small.databaseUrl, max: AT_ONCE });
  const { workspaceId } = small;
  const runs = await runAlternating({
    org: repeated(AT_ONCE, () =>
      invite(small.server.url + ORG_ROUTE, { 'x-api-key': small.adminKey }, { workspace_ids: [workspaceId] }),
    ),
    workspace: repeated(AT_ONCE, () =>
      invite(small.server.url + WORKSPACE_ROUTE, {
        ...{ 'x-api-key': small.workspaceAdminKey, 'x-tenant-id': workspaceId },
      }),
    ),
    bare: repeated(AT_ONCE, () => writeBare(pool, small)),
  });
  await pool.end();
  const finding = (route: string, name: 'org' | 'workspace'): Finding => ({
    what: `POST ${route} of 500 new people, ${AT_ONCE} at a time`,
    ours: perSecond(runs.perSecond(name), ' people'),
    beside: `${perSecond(runs.perSecond('bare'))} (bare SQL)`,
    ratio: runs.ratio(name, 'bare'),
    target: `>= ${perSecond(TARGET)}`,
    met: runs.perSecond(name) >= TARGET,
  });
  return [finding(ORG_ROUTE, 'org'), finding(WORKSPACE_ROUTE, 'workspace')];
}

const ORG_ROUTE = '/api/v1/orgs/current/members/batch';
const WORKSPACE_ROUTE = '/api/v1/workspaces/current/members/batch';

/** Turns on the switch of the organization that lets workspace admins invite. */
async function letWorkspaceAdminsInvite({ server, adminKey }: Installation): Promise<void> {
  const body = { workspace_admin_can_invite_to_org: true };
  await send('PATCH', `${server.url}/api/v1/orgs/current/info`, { 'x-api-key': adminKey }, body);
}

/** Sends one batch and returns the number of people invited. */
async function invite(url: string, headers: Record<string, string>, places: object = {}): Promise<number> {
  const people = newPeople().map((person) => ({ ...person, ...places }));
  const invited = (await send('POST', url, headers, people)) as { email: string }[];
  if (invited.length !== SIZE || invited.at(-1)?.email !== people.at(-1)?.email)
    throw new Error(`${url} did not respond with the people of the batch`);
  return invited.length;
}

async function send(
  method: string,
  url: string,
  headers: Record<string, string>,
  body: object,
): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (response.status !== 200)
    throw new Error(`${url} returned ${response.status}: ${await response.text()}`);
  return response.json();
}

const newPeople = () =>
  Array.from({ length: SIZE }, (_, n) => ({
    email: `${randomUUID()}@example.com`,
    full_name: `Person ${n}`,
  }));

/**
 * Writes the rows of a batch with bare SQL, without checks or reads. It takes the server's lock on the organization:
 * without it, concurrent batches are slower because they wait in foreign key checks.
 */
async function writeBare(pool: pg.Pool, { orgId, workspaceId }: Installation): Promise<number> {
  const people = newPeople();
  const ids = people.map(() => randomUUID());
  const client = await pool.connect();
  await client.query('begin');
  await client.query({ name: 'lock', text: LOCK, values: [orgId] });
  await client.query({
    name: 'invite',
    text: INVITE,
    values: [orgId, ids, people.map(({ email }) => email)],
  });
  await client.query({ name: 'grant', text: GRANT, values: [orgId, workspaceId, ids] });
  await client.query({ name: 'record', text: RECORD, values: [orgId, ids] });
  await client.query('commit');
  client.release();
  return people.length;
}

const LOCK = 'select pg_advisory_xact_lock(hashtextextended($1, 0))';
const INVITE = `
  insert into invitations (id, org_id, email, full_name, org_role_id, from_workspace, expires_at)
  select id, $1, email, 'Person', (select id from roles where org_id is null and name = 'ORGANIZATION_USER'),
    false, now() + interval '30 days'
  from unnest($2::uuid[], $3::text[]) as given (id, email)`;
const GRANT = `
  insert into invitation_workspaces (invitation_id, workspace_id, org_id, role_id)
  select id, $2, $1, (select id from roles where org_id is null and name = 'WORKSPACE_VIEWER')
  from unnest($3::uuid[]) as given (id)`;
const RECORD = `
  insert into audit_entries (id, org_id, operation, succeeded, resource_ids)
  values (gen_random_uuid(), $1, 'invite_users_to_org_batch', true, $2)`;
