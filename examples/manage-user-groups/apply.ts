/**
 * Makes the user groups of an organization what a file says:
 * `node examples/manage-user-groups/apply.ts --server http://127.0.0.1:1984 --file groups.json`, with the key of an
 * organization admin in LANGSMITH_API_KEY. Groups that the file does not name stay. It may be run again: what is as the
 * file says does not change. Prints each change. Workspaces and roles that do not exist are an error before the first change.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { collect, createTenantry, dataOf, everyItem, type Schemas } from '@tenantry/client';

type Group = Schemas['UserGroup'];

/** `roles`: the display name of a workspace role by the display name of the workspace. */
type Wish = { name: string; description?: string; roles: Record<string, string>; members: string[] };

type Grant = { readonly workspace_id: string; readonly role_id: string };

const GROUPS = '/v1/platform/orgs/current/user-groups';
const GROUP = `${GROUPS}/{user_group_id}` as const;

const { server, file } = parseArgs({
  options: { server: { type: 'string' }, file: { type: 'string' } },
}).values;
const { LANGSMITH_API_KEY: key } = process.env;
if (!server || !file || !key)
  throw new Error('give --server, --file and, in the environment, LANGSMITH_API_KEY');
const api = createTenantry({ server, apiKey: key });
const wishes = JSON.parse(await readFile(file, 'utf8')) as Wish[];

const workspaces = byName(await dataOf(api.GET('/api/v1/workspaces')));
const roles = byName(
  (await dataOf(api.GET('/api/v1/orgs/current/roles'))).filter((role) => role.access_scope === 'workspace'),
);
const existing = await collect(
  everyItem((cursor) => api.GET(GROUPS, { params: { query: { cursor, page_size: 100 } } })),
);
const checked = wishes.map((wish) => ({ wish, grants: grantsOf(wish) }));
for (const { wish, grants } of checked) {
  const group = await ensureGroup(wish);
  await setRoles(group, grants);
  await setMembers(group, wish);
}

function grantsOf(wish: Wish): Grant[] {
  return Object.entries(wish.roles).map(([workspace, role]) => ({
    workspace_id: required(workspaces.get(workspace), `workspace ${workspace}`).id,
    role_id: required(roles.get(role), `workspace role ${role}`).id,
  }));
}

async function ensureGroup({ name, description = '' }: Wish): Promise<Group> {
  const found = existing.find((group) => !group.workspace_id && group.name === name);
  if (!found) return report(`created ${name}`, dataOf(api.POST(GROUPS, { body: { name, description } })));
  if (found.description === description) return found;
  const params = { path: { user_group_id: found.id } };
  return report(`described ${name}`, dataOf(api.PATCH(GROUP, { params, body: { description } })));
}

async function setRoles({ id, name }: Group, wanted: readonly Grant[]): Promise<void> {
  const path = { user_group_id: id };
  const grants = await collect(
    everyItem((cursor) =>
      api.GET(`${GROUP}/workspaces`, { params: { path, query: { cursor, page_size: 100 } } }),
    ),
  );
  for (const body of wanted) {
    const grant = grants.find(({ workspace_id }) => workspace_id === body.workspace_id);
    const params = { path: { ...path, workspace_id: body.workspace_id } };
    if (!grant)
      await report(
        `gave ${name} a role`,
        dataOf(api.POST(`${GROUP}/workspaces`, { params: { path }, body })),
      );
    else if (grant.role_id !== body.role_id)
      await report(
        `changed the role of ${name}`,
        dataOf(api.PATCH(`${GROUP}/workspaces/{workspace_id}`, { params, body: { role_id: body.role_id } })),
      );
  }
  for (const { workspace_id } of grants) {
    if (wanted.some((grant) => grant.workspace_id === workspace_id)) continue;
    const params = { path: { ...path, workspace_id } };
    await report(
      `took a role of ${name} back`,
      dataOf(api.DELETE(`${GROUP}/workspaces/{workspace_id}`, { params })),
    );
  }
}

async function setMembers({ id, name }: Group, wish: Wish): Promise<void> {
  const path = { user_group_id: id };
  const members = await collect(
    everyItem((cursor) =>
      api.GET(`${GROUP}/members`, { params: { path, query: { cursor, page_size: 100 } } }),
    ),
  );
  const query = { emails: wish.members };
  const people =
    wish.members.length === 0
      ? []
      : await dataOf(api.GET('/api/v1/orgs/current/members/active', { params: { query } }));
  const wanted = new Set(people.map((person) => person.id));
  const unknown = wish.members.filter((email) => !people.some((person) => person.email === email));
  if (unknown.length > 0) console.log(`no members of the organization: ${unknown.join(', ')}`);
  const missing = [...wanted].filter((one) => !members.some(({ identity_id }) => identity_id === one));
  for (let at = 0; at < missing.length; at += 100) {
    const body = { identity_ids: missing.slice(at, at + 100) };
    const { items } = await dataOf(api.POST(`${GROUP}/members`, { params: { path }, body }));
    for (const { identity_id, status } of items)
      console.log(`${name}: ${identity_id} ${status.toLowerCase()}`);
  }
  for (const { identity_id, email } of members) {
    if (wanted.has(identity_id) || email === null) continue; // service accounts are not in the file
    const params = { path: { ...path, identity_id } };
    await report(
      `removed ${email} from ${name}`,
      dataOf(api.DELETE(`${GROUP}/members/{identity_id}`, { params })),
    );
  }
}

async function report<T>(change: string, work: Promise<T>): Promise<T> {
  const result = await work;
  console.log(change);
  return result;
}

function byName<T extends { display_name: string }>(rows: readonly T[]): Map<string, T> {
  return new Map(rows.map((row) => [row.display_name, row]));
}

function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`there is no ${what}`);
  return value;
}
