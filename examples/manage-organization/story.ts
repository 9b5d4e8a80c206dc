/** The input of both clients. */
export type Wish = {
  /** The name of the workspace to create. */
  workspace: string;
  /** The e-mail of a user who is not in the organization yet. */
  newcomer: string;
  /** The e-mail of a member of the organization. */
  member: string;
};

/** The result, in ids and names that can be looked up afterwards. */
export type Report = {
  workspaceId: string;
  /** The invitation of the newcomer: org role and workspace role. */
  invited: { id: string; orgRole: string; workspaceRole: string };
  /** The org roles and the workspace roles of the member, before and after the change. */
  member: { id: string; orgRoles: [string, string]; workspaceRoles: [string, string] };
  /** The key of the workspace that was created, listed, used and deleted. */
  key: { id: string; sees: string[] };
};

/** `key` is an organization admin's personal access token, or a service key with that role. */
export type Manage = (server: string, key: string, wish: Wish) => Promise<Report>;

type Role = { id: string; display_name: string; access_scope?: string | null };

/** Roles are looked up, since their ids differ from one installation to the next. */
export function roleNamed(roles: readonly Role[], scope: 'organization' | 'workspace', displayName: string) {
  const role = roles.find((one) => one.access_scope === scope && one.display_name === displayName);
  if (!role) throw new Error(`there is no ${scope} role ${displayName}`);
  return role;
}

/** The only row of a list that was filtered by an e-mail; throws if there are none or several. */
export function only<Row>(rows: readonly Row[], what: string): Row {
  const [row, another] = rows;
  if (row === undefined || another !== undefined) throw new Error(`${rows.length} rows for ${what}`);
  return row;
}

/** The value of a field that the description allows to be absent or null, but this server always sets. */
export function given<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`the response has no ${what}`);
  return value;
}
