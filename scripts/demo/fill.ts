import type { Api } from './api.ts';
import { ADMIN, INVITED, MEMBERS, ORGANIZATION, type Person, WORKSPACES } from './people.ts';

const GROUPS = '/v1/platform/orgs/current/user-groups';

type Named = { id: string; name: string; display_name: string };
type Places = { roles: ReadonlyMap<string, string>; workspaces: ReadonlyMap<string, string> };

const CUSTOM_ROLES = [
  {
    display_name: 'Reviewer',
    description: 'Reads everything and writes feedback',
    verbs: ['read'],
    also: 'feedback:',
  },
  { display_name: 'Prompt author', description: 'Works on prompts only', verbs: ['read'], also: 'prompts:' },
  { display_name: 'Auditor', description: 'Reads, and changes nothing', verbs: ['read'], also: null },
];

/** Everything that the public API can create; nothing of it has a time in the past. */
export async function fill(api: Api): Promise<void> {
  await api.patch('/api/v1/orgs/current/info', {
    display_name: ORGANIZATION,
    workspace_admin_can_invite_to_org: true,
  });
  await api.patch('/api/v1/orgs/members/basic', { full_name: ADMIN.fullName });
  await createRoles(api);
  const places = { roles: await rolesOf(api), workspaces: await createWorkspaces(api) };
  await addMembers(api, places);
  await invite(api, places);
  await createKeys(api, places);
  await provisionOverScim(api);
  await createUserGroups(api, places);
}

async function createRoles(api: Api): Promise<void> {
  const all = await api.get<{ name: string; access_scope: string }[]>('/api/v1/orgs/permissions');
  const names = all.filter((one) => one.access_scope === 'workspace').map(({ name }) => name);
  for (const { verbs, also, ...role } of CUSTOM_ROLES) {
    const isHeld = (name: string) =>
      verbs.some((verb) => name.endsWith(`:${verb}`)) || (also !== null && name.startsWith(also));
    await api.post('/api/v1/orgs/current/roles', { ...role, permissions: names.filter(isHeld) });
  }
}

/** Ids by the name of a system role, and by the display name of a custom one. */
async function rolesOf(api: Api): Promise<Places['roles']> {
  const roles = await api.get<Named[]>('/api/v1/orgs/current/roles');
  return new Map(
    roles.flatMap(
      ({ id, name, display_name: label }) =>
        [
          [name, id],
          [label, id],
        ] as const,
    ),
  );
}

async function createWorkspaces(api: Api): Promise<Places['workspaces']> {
  const [first] = await api.get<Named[]>('/api/v1/workspaces');
  if (first) await api.patch(`/api/v1/workspaces/${first.id}`, { display_name: WORKSPACES[0] });
  for (const name of WORKSPACES.slice(1)) await api.post('/api/v1/workspaces', { display_name: name });
  const workspaces = await api.get<Named[]>('/api/v1/workspaces');
  return new Map(workspaces.map(({ id, display_name: name }) => [name, id]));
}

const idIn = (ids: ReadonlyMap<string, string>, name: string) => {
  const id = ids.get(name);
  if (!id) throw new Error(`the server has no ${name}`);
  return id;
};

const rowOf = ({ roles, workspaces }: Places, person: Person) => ({
  email: person.email,
  full_name: person.fullName,
  role_id: idIn(roles, person.organizationRole),
  workspace_ids: person.workspaces.map((name) => idIn(workspaces, name)),
  workspace_role_id: idIn(roles, person.workspaceRole),
});

/** Their passwords are generated and not kept: the demo is looked at as the admin. */
async function addMembers(api: Api, places: Places): Promise<void> {
  for (let from = 0; from < MEMBERS.length; from += 50) {
    const rows = MEMBERS.slice(from, from + 50).map((person) => rowOf(places, person));
    await api.post('/api/v1/orgs/current/members/basic/batch', rows);
  }
}

/** Who accepts does so with a password link, as without a mail server, and has the password of the demo. */
async function invite(api: Api, places: Places): Promise<void> {
  const people = Object.values(INVITED).flat();
  const rows = people.map((person) => rowOf(places, { ...person, organizationRole: 'ORGANIZATION_USER' }));
  const invited = await api.post<{ id: string; email: string }[]>('/api/v1/orgs/current/members/batch', rows);
  const idOf = new Map(invited.map(({ id, email }) => [email, id]));
  const at = ({ email }: Person) => `/api/v1/orgs/current/members/${idIn(idOf, email)}/pending`;
  for (const person of INVITED.revoked) await api.delete(at(person));
  for (const person of INVITED.accepted) {
    const { token } = await api.post<{ token: string }>(`${at(person)}/password-link`);
    await api.post('/api/v1/login/password', { token, password: ADMIN.password });
  }
}

async function createKeys(api: Api, { roles, workspaces }: Places): Promise<void> {
  const keys = [
    { description: 'Nightly report', workspaces: ['Data'], role: 'WORKSPACE_VIEWER', days: 90 },
    { description: 'CI of the search team', workspaces: ['Search'], role: 'WORKSPACE_USER', days: 30 },
    { description: 'Support bot', workspaces: ['Support', 'Sales'], role: 'Reviewer', days: null },
  ];
  for (const { description, workspaces: names, role, days } of keys)
    await api.post('/api/v1/orgs/current/service-keys', {
      description,
      workspaces: names.map((name) => idIn(workspaces, name)),
      role_id: idIn(roles, role),
      ...(days === null ? {} : { expires_at: inDays(days) }),
    });
  await api.post('/api/v1/orgs/current/service-keys', {
    description: 'Terraform',
    org_role_id: idIn(roles, 'ORGANIZATION_ADMIN'),
    expires_at: inDays(365),
  });
  await api.post('/api/v1/orgs/current/personal-access-tokens', {
    description: 'Laptop',
    expires_at: inDays(90),
  });
}

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

/** What an identity provider sends on its first synchronisation. */
async function provisionOverScim(api: Api): Promise<void> {
  const { token } = await api.post<{ token: string }>('/v1/platform/orgs/current/scim/tokens', {
    description: 'Entra ID',
    expires_at: inDays(365),
  });
  const scim = api.with({ 'content-type': 'application/scim+json', authorization: `Bearer ${token}` });
  const members = [];
  for (const name of ['Vint Cerf', 'Sophie Wilson', 'Bjarne Stroustrup']) {
    const email = `${name.replace(' ', '.').toLowerCase()}@example.com`;
    const { id } = await scim.post<{ id: string }>('/scim/v2/Users', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: email,
      externalId: `demo-${email}`,
      displayName: name,
      emails: [{ value: email, primary: true }],
    });
    members.push({ value: id });
  }
  for (const displayName of ['Entra:Organization User:Search:Editor', 'Entra:Organization User:Data:Viewer'])
    await scim.post('/scim/v2/Groups', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName,
      members,
    });
}

const USER_GROUPS = [
  {
    name: 'Data science',
    description: 'Everyone who trains models',
    workspaces: ['Data'],
    role: 'WORKSPACE_USER',
  },
  { name: 'On call', description: 'Who may look everywhere', workspaces: WORKSPACES, role: 'Auditor' },
];

/** Each gets twelve members, and gives them a role in workspaces. */
async function createUserGroups(api: Api, { roles, workspaces }: Places): Promise<void> {
  const members = await api.get<{ id: string }[]>(
    '/api/v1/orgs/current/members/active?limit=100&sort_by=email&sort_by_desc=false',
  );
  for (const [at, { workspaces: names, role, ...group }] of USER_GROUPS.entries()) {
    const { id } = await api.post<{ id: string }>(GROUPS, group);
    const identities = members.slice(at * 30, at * 30 + 12).map((member) => member.id);
    await api.post(`${GROUPS}/${id}/members`, { identity_ids: identities });
    for (const name of names)
      await api.post(`${GROUPS}/${id}/workspaces`, {
        workspace_id: idIn(workspaces, name),
        role_id: idIn(roles, role),
      });
  }
}
