import { ApiError } from '@tenantry/client';
import type { Role } from '../../roles/role-list';
import { canonicalAddress } from './email-address';
import type { Entry } from './read-people';

/** What the server does with an address that it accepts, in a workspace or in the organization. */
type KnownState =
  | 'new'
  | 'inOrganization'
  | 'pendingElsewhere'
  | 'pendingHere'
  | 'memberHere'
  | 'notAllowed'
  | 'newInOrganization'
  | 'newInWorkspaces'
  | 'joinsWorkspaces'
  | 'pendingInOrganization'
  | 'pendingInWorkspaces'
  | 'expiredInOrganization'
  | 'memberOfOrganization'
  | 'memberOfWorkspaces';

/** Why the list itself keeps a row from being sent. */
type Obstacle = 'malformed' | 'duplicate' | 'unknownRole' | 'ambiguousRole' | 'needsWorkspaces';

type Roles = {
  /** Null in the dialog of a workspace. */
  readonly organizationRole: Role | null;
  /** Null if no workspaces are chosen. */
  readonly workspaceRole: Role | null;
};

/** The role of a member for whom the list names another one, which `change` gives them. */
type OtherRole = {
  readonly role: string;
  readonly wanted: Role;
  readonly change: () => Promise<unknown>;
};

export type PreviewRow = Entry &
  Roles & {
    /** Of a member; not changed by sending the list. */
    readonly otherRoles: readonly OtherRole[];
    readonly state: KnownState | Obstacle | 'refused';
    /** With the problems of this row; null unless the server refused it. */
    readonly refusal: ApiError | null;
  };

type State = PreviewRow['state'];
const SENT: readonly State[] = [
  'new',
  'inOrganization',
  'pendingElsewhere',
  'pendingHere',
  'newInOrganization',
  'newInWorkspaces',
  'joinsWorkspaces',
  'pendingInOrganization',
  'pendingInWorkspaces',
  'expiredInOrganization',
];
export const isSent = ({ state }: PreviewRow): boolean => SENT.includes(state);

/** Nothing is left to do for them. */
const ALREADY_THERE: readonly State[] = ['memberHere', 'memberOfOrganization', 'memberOfWorkspaces'];
export const isAlreadyThere = ({ state }: PreviewRow): boolean => ALREADY_THERE.includes(state);

/** The names of the roles that a row gives: those that people have already stay (docs/contract/invitations.md). */
export function rolesGiven(row: PreviewRow): string[] {
  const { state, organizationRole, workspaceRole } = row;
  if (!isSent(row) || state === 'pendingInOrganization') return [];
  const keepsRole = state === 'joinsWorkspaces' || state === 'pendingInWorkspaces';
  return [keepsRole ? null : organizationRole, workspaceRole].flatMap((role) => role?.display_name ?? []);
}

/** The roles that are chosen for all, and those that the list can name. */
export type Choices = Roles & { readonly named: readonly Role[] };

/** A role that a member has in the place of the list. */
export type HeldRole = {
  readonly id: string;
  readonly name: string;
  readonly change: (role: Role) => Promise<unknown>;
};

/** What the server does with an address, and the roles of a member. */
type Found = { readonly state: KnownState; readonly held?: readonly HeldRole[] };

/** Finds out what the server does with each of these addresses, as far as the reader may know. */
export type FindStates = (addresses: readonly string[]) => Promise<(address: string) => Found>;

export async function previewPeople(
  entries: readonly Entry[],
  choices: Choices,
  findStates: FindStates,
): Promise<PreviewRow[]> {
  const addresses = entries.map(({ email }) => canonicalAddress(email));
  const find = await findStates(addresses.filter((address) => address !== null));
  const seen = new Set<string>();
  return entries.map((entry, index) => {
    const address = addresses[index] ?? null;
    const isFirst = address !== null && !seen.has(address);
    if (isFirst) seen.add(address);
    const roles = rolesFor(entry, choices);
    const { organizationRole, workspaceRole } = typeof roles === 'string' ? choices : roles;
    const problem = address === null ? 'malformed' : isFirst ? null : 'duplicate';
    const found = find(address ?? '');
    const isKnown = problem === null && typeof roles !== 'string';
    return {
      ...entry,
      organizationRole,
      workspaceRole,
      state: problem ?? (typeof roles === 'string' ? roles : found.state),
      otherRoles: isKnown ? otherRoles(found, entry, choices.named) : [],
      refusal: null,
    };
  });
}

/** Where a member has another role than the list names, of the same kind. */
function otherRoles({ held = [] }: Found, { roleName }: Entry, named: readonly Role[]): OtherRole[] {
  const wanted = named.find((role) => roleName !== null && isCalled(role, roleName));
  if (!wanted) return [];
  return held.flatMap(({ id, name, change }) => {
    const isSameKind = named.find((role) => role.id === id)?.access_scope === wanted.access_scope;
    return isSameKind && id !== wanted.id ? [{ role: name, wanted, change: () => change(wanted) }] : [];
  });
}

/** A role of the list replaces the one that is chosen for all. */
function rolesFor({ roleName }: Entry, { named, ...chosen }: Choices): Roles | Obstacle {
  if (roleName === null) return chosen;
  const [role, ...others] = named.filter((one) => isCalled(one, roleName));
  if (!role) return 'unknownRole';
  if (others.length > 0) return 'ambiguousRole';
  if (role.access_scope === 'organization') return { ...chosen, organizationRole: role };
  return chosen.workspaceRole ? { ...chosen, workspaceRole: role } : 'needsWorkspaces';
}

/** All custom roles have the name CUSTOM, which means none (docs/contract/roles.md#roles-by-name). */
const isCalled = ({ name, display_name: displayName }: Role, wanted: string): boolean =>
  [name === 'CUSTOM' ? displayName : name, displayName].some(
    (one) => one.toLowerCase() === wanted.toLowerCase(),
  );

/** Marks the rows that the server refused; null if the error names none of them. */
export function markRefused(rows: readonly PreviewRow[], error: Error): PreviewRow[] | null {
  if (!(error instanceof ApiError)) return null;
  const { status, code, message } = error;
  const problemsByRow = Map.groupBy(error.problems, ({ loc }) => loc?.[1]);
  const indexes = new Map(rows.filter(isSent).map((row, index) => [row, index]));
  const refused = rows.map((row): PreviewRow => {
    const found = indexes.has(row) ? problemsByRow.get(indexes.get(row)) : undefined;
    if (!found) return row;
    return { ...row, state: 'refused', refusal: new ApiError({ status, code, message, problems: found }) };
  });
  return refused.some((row, index) => row !== rows[index]) ? refused : null;
}

/** The role of a row of a list of members. */
export const heldRoles = (
  { role_id: id, role_name: name }: { role_id?: string | null; role_name?: string | null },
  change: HeldRole['change'],
): HeldRole[] => (id ? [{ id, name: name ?? '', change }] : []);

const ADDRESSES_PER_REQUEST = 100;

type Lookup<Row> = (query: { emails: string[]; limit: number }) => Promise<{ rows: Row[] }>;

/** The rows that a list has of these addresses; none if the reader may not see the list. */
export async function findRows<Row extends { email?: string | null }>(
  addresses: readonly string[],
  lookUp: Lookup<Row>,
): Promise<Map<string, Row>> {
  const found: Row[] = [];
  try {
    for (let at = 0; at < addresses.length; at += ADDRESSES_PER_REQUEST) {
      const emails = addresses.slice(at, at + ADDRESSES_PER_REQUEST);
      found.push(...(await lookUp({ emails, limit: ADDRESSES_PER_REQUEST })).rows);
    }
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 403)) throw error;
  }
  return new Map(found.map((row) => [row.email ?? '', row]));
}
