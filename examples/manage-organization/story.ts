/** What the two clients are asked to do with an organization, the same for both. */
export type Wish = {
  /** A new workspace of this name. */
  workspace: string;
  /** Somebody who is not in the organization yet. */
  newcomer: string;
  /** Somebody who is. */
  member: string;
};

/** What became of it, in ids and names that can be looked up afterwards. */
export type Report = {
  workspaceId: string;
  /** The newcomer's invitation: organization role, and role in the workspace. */
  invited: { id: string; orgRole: string; workspaceRole: string };
  /** Of the member: in the organization from one role to another, in the workspace likewise. */
  member: { id: string; orgRoles: [string, string]; workspaceRoles: [string, string] };
  /** The key that was made for the workspace, listed, used and deleted again. */
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

/** The one row of a list that was asked for by an address. */
export function only<Row>(rows: readonly Row[], what: string): Row {
  const [row, another] = rows;
  if (row === undefined || another !== undefined) throw new Error(`${rows.length} rows for ${what}`);
  return row;
}

/** For fields that the description lets be absent or null, and this server never leaves so. */
export function given<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`the answer has no ${what}`);
  return value;
}
