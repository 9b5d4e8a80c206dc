import type { Api } from './api.ts';

export type Role = {
  readonly id: string;
  /** Equal on both servers: the name of a system role, or the display name of a custom one. */
  readonly key: string;
  readonly isCustom: boolean;
  readonly displayName: string;
  readonly description: string;
  readonly permissions: readonly string[];
};

type Workspace = { readonly id: string; readonly name: string };

export type Person = {
  /** In lower case. */
  readonly email: string;
  readonly fullName: string | null;
  readonly state: 'active' | 'disabled' | 'pending';
  /** Of the membership or invitation. */
  readonly id: string;
  /** The key of the role in the organization; null if the server did not say. */
  readonly role: string | null;
  /** Names of workspaces with the key of the role there. */
  readonly places: ReadonlyMap<string, string>;
};

export type Organization = {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly workspaces: readonly Workspace[];
  readonly people: readonly Person[];
};

type WireRole = {
  id: string;
  name: string;
  display_name: string;
  description: string;
  permissions: string[];
  organization_id?: string | null;
};
type WireMember = {
  id: string;
  email?: string | null;
  full_name?: string | null;
  role_id?: string | null;
  org_role_id?: string | null;
  workspace_role_id?: string | null;
  is_disabled?: boolean;
};
type WireMembers = { members: WireMember[]; pending: WireMember[] };

/** Reads an organization by the published API. @throws Refused */
export async function readOrganization(api: Api): Promise<Organization> {
  const { display_name: name } = await api.get<{ display_name: string }>('/api/v1/orgs/current/info');
  const roles = (await api.get<WireRole[]>('/api/v1/orgs/current/roles')).map(toRole);
  const workspaces = (await api.get<{ id: string; display_name: string }[]>('/api/v1/workspaces')).map(
    ({ id, display_name }) => ({ id, name: display_name }),
  );
  const places = await readPlaces(api, workspaces, new Map(roles.map(({ id, key }) => [id, key])));
  const { members, pending } = await api.get<WireMembers>('/api/v1/orgs/current/members');
  const toPerson = (state: 'active' | 'pending') => (member: WireMember) => {
    const email = emailOf(member);
    const roleId = member.org_role_id ?? member.role_id;
    return {
      email,
      fullName: member.full_name ?? null,
      state: member.is_disabled === true ? ('disabled' as const) : state,
      id: member.id,
      role: roles.find(({ id }) => id === roleId)?.key ?? null,
      places: places.get(email) ?? new Map<string, string>(),
    };
  };
  const people = [...members.map(toPerson('active')), ...pending.map(toPerson('pending'))];
  return { name, roles, workspaces, people: people.filter(({ email }) => email !== '') };
}

const emailOf = ({ email }: WireMember) => (email ?? '').toLowerCase();

const toRole = (role: WireRole): Role => {
  const isCustom = typeof role.organization_id === 'string';
  const { id, display_name: displayName, description, permissions } = role;
  return { id, key: isCustom ? displayName : role.name, isCustom, displayName, description, permissions };
};

/** By e-mail address: the names of the workspaces with the key of the role there. */
async function readPlaces(
  api: Api,
  workspaces: readonly Workspace[],
  keys: ReadonlyMap<string, string>,
): Promise<Map<string, Map<string, string>>> {
  const places = new Map<string, Map<string, string>>();
  for (const { id, name } of workspaces) {
    const { members, pending } = await api.in(id).get<WireMembers>('/api/v1/workspaces/current/members');
    for (const member of [...members, ...pending]) {
      const role = keys.get(member.workspace_role_id ?? member.role_id ?? '');
      if (role === undefined) continue;
      const held = places.get(emailOf(member)) ?? new Map<string, string>();
      places.set(emailOf(member), held.set(name, role));
    }
  }
  return places;
}
