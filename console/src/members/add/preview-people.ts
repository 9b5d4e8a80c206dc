import { type Api, dataOf, pageOf } from '../../api/client';
import { ApiError } from '../../api/api-error';
import type { Role } from '../use-members';
import type { Entry } from './read-people';

type State =
  | 'new'
  | 'inOrganization'
  | 'pendingElsewhere'
  | 'pendingHere'
  | 'memberHere'
  | 'duplicate'
  | 'malformed'
  | 'unknownRole'
  | 'notAllowed';

export type PreviewRow = Entry & { readonly state: State; readonly roleId: string };

const SENT: readonly State[] = ['new', 'inOrganization', 'pendingElsewhere', 'pendingHere'];
export const isSent = ({ state }: PreviewRow): boolean => SENT.includes(state);

/** The server decides what an address is; this finds what surely is none. */
const ADDRESS = /^[^\s@]+@[^\s@]+$/;
const ADDRESSES_PER_REQUEST = 100;

type Known = Record<'members' | 'pending' | 'orgMembers' | 'orgPending', ReadonlySet<string>>;

type Rules = {
  readonly roles: readonly Role[];
  readonly roleId: string;
  readonly mayInviteNewPeople: boolean;
};

/** What the server will do with each person, as far as the reader may know. */
export async function previewPeople(
  api: Api,
  entries: readonly Entry[],
  rules: Rules,
): Promise<PreviewRow[]> {
  const known = await findKnown(
    api,
    entries.map(({ email }) => email).filter((email) => ADDRESS.test(email)),
  );
  const seen = new Set<string>();
  return entries.map((entry) => {
    const email = entry.email.toLowerCase();
    const role = entry.roleName ? roleCalled(entry.roleName, rules.roles) : null;
    const state = seen.has(email) ? 'duplicate' : stateOf(entry, known, rules, role);
    seen.add(email);
    return { ...entry, state, roleId: role?.id ?? rules.roleId };
  });
}

const roleCalled = (name: string, roles: readonly Role[]): Role | null =>
  roles.find((role) => [role.display_name, role.name].some((one) => isSameName(one, name))) ?? null;

const isSameName = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

function stateOf({ email, roleName }: Entry, known: Known, rules: Rules, role: Role | null): State {
  const address = email.toLowerCase();
  if (!ADDRESS.test(email)) return 'malformed';
  if (roleName && !role) return 'unknownRole';
  if (known.members.has(address)) return 'memberHere';
  if (known.pending.has(address)) return 'pendingHere';
  if (known.orgMembers.has(address)) return 'inOrganization';
  if (!rules.mayInviteNewPeople) return 'notAllowed';
  return known.orgPending.has(address) ? 'pendingElsewhere' : 'new';
}

async function findKnown(api: Api, emails: readonly string[]): Promise<Known> {
  const here = '/api/v1/workspaces/current/members';
  const inOrg = '/api/v1/orgs/current/members';
  const [members, pending, orgMembers, orgPending] = await Promise.all([
    find(emails, (query) => pageOf(api.GET(`${here}/active`, { params: { query } }))),
    find(emails, (query) => pageOf(api.GET(`${here}/pending`, { params: { query } }))),
    find(emails, (query) => pageOf(api.GET(`${inOrg}/active`, { params: { query } }))),
    find(emails, (query) => pageOf(api.GET(`${inOrg}/pending`, { params: { query } }))),
  ]);
  return { members, pending, orgMembers, orgPending };
}

type Lookup = (query: { emails: string[]; limit: number }) => Promise<{ rows: { email?: string | null }[] }>;

/** The addresses that a list contains; none if the reader may not see the list. */
async function find(emails: readonly string[], lookUp: Lookup): Promise<Set<string>> {
  const found: string[] = [];
  try {
    for (let at = 0; at < emails.length; at += ADDRESSES_PER_REQUEST) {
      const part = emails.slice(at, at + ADDRESSES_PER_REQUEST);
      const { rows } = await lookUp({ emails: part, limit: ADDRESSES_PER_REQUEST });
      found.push(...rows.map(({ email }) => email?.toLowerCase() ?? ''));
    }
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 403)) throw error;
  }
  return new Set(found);
}

/** Adds the people of the preview in one request: all of them, or none. */
export const addPeople = (api: Api, rows: readonly PreviewRow[], idempotencyKey: string) =>
  dataOf(
    api.POST('/api/v1/workspaces/current/members/batch', {
      params: { header: { 'Idempotency-Key': idempotencyKey } },
      body: rows.filter(isSent).map(({ email, fullName, roleId }) => ({
        email,
        full_name: fullName,
        workspace_role_id: roleId,
      })),
    }),
  );
