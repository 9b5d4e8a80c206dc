import { type ApiError, collect, dataOf, everyRow, type Schemas, toApiError } from '@tenantry/client';
import { COLUMNS, type Person } from './people.ts';
import type { Workspace } from './workspace.ts';

type Role = Schemas['Role'];
type Invite = Schemas['PendingIdentityCreate'];
type Invited = Schemas['PendingIdentity'];

export const EVENTS = [
  'invited',
  'joined at once',
  'was pending, workspace added',
  'was pending already',
  'is a member already',
  'duplicate',
  'not invited',
  'not handled',
] as const;

/** The result of a line of the file, and its reason. */
export type Outcome = { event: (typeof EVENTS)[number]; why: string };

type Row = { person: Person; invite: Invite };
type Judge = (person: Person, invited: Invited) => Outcome;

/** The maximum number of rows in one request. */
const BATCH = 500;

/**
 * Invites people to the workspace and yields the outcome of each.
 * @throws ApiError if the server refuses all remaining rows, for example because the caller may not invite.
 */
export async function* invite(workspace: Workspace, people: Person[]): AsyncGenerator<[Person, Outcome]> {
  const everyRole = await dataOf(workspace.api.GET('/api/v1/orgs/current/roles'));
  const roles = everyRole.filter(({ access_scope }) => access_scope === 'workspace');
  const judge = await compareWithExisting(workspace, roles);
  const rows: Row[] = [];
  for (const person of people) {
    const problem = problemOf(person, roles);
    if (problem) yield [person, { event: 'not invited', why: problem }];
    else rows.push({ person, invite: toInvite(person, roles) });
  }
  for (let start = 0; start < rows.length; start += BATCH) {
    yield* send(workspace, rows.slice(start, start + BATCH), judge);
  }
}

/** The server accepts a batch as a whole or not at all: rows with problems are reported, the others are sent again. */
async function* send({ api }: Workspace, rows: Row[], judge: Judge): AsyncGenerator<[Person, Outcome]> {
  let left = rows;
  while (left.length > 0) {
    const body = left.map((row) => row.invite);
    const call = await api.POST('/api/v1/workspaces/current/members/batch', { body });
    if (call.data) {
      for (const [row, invited] of call.data.entries()) {
        const { person } = left[row]!;
        yield [person, judge(person, invited)];
      }
      return;
    }
    const refusal = toApiError(call.response, call.error);
    const whyNot = problemsByRow(refusal);
    for (const [row, why] of whyNot) yield [left[row]!.person, { event: 'not invited', why }];
    left = left.filter((_, row) => !whyNot.has(row));
  }
}

/** @throws ApiError if the refusal is not about single rows. */
function problemsByRow(refusal: ApiError): Map<number, string> {
  // 403 for an address, not for a role: the caller may invite no new people, or the organization accepts none.
  const isAboutEverybody = refusal.status === 403 && refusal.problems.some(({ loc }) => loc?.[2] === 'email');
  // Such a refusal names malformed rows, too: they are reported first, and the next one is about the rest.
  const located = refusal.problems.filter(
    ({ loc: [, row] = [], type }) => typeof row === 'number' && !(isAboutEverybody && type === 'forbidden'),
  );
  if (located.length === 0) throw refusal;
  const byRow = Map.groupBy(located, ({ loc }) => Number(loc?.[1]));
  return new Map([...byRow].map(([row, problems]) => [row, problems.map(({ msg }) => msg).join(' ')]));
}

/** The problem of a line that cannot be sent, or null. The server validates the e-mail address. */
function problemOf({ columns, role }: Person, roles: Role[]): string | null {
  const expected = COLUMNS.length;
  if (columns !== expected) return `expected ${expected} columns (${COLUMNS.join(', ')}), found ${columns}`;
  if (role === '' || roleNamed(role, roles)) return null;
  return `no workspace role "${role}"; there are ${roles.map((known) => known.display_name).join(', ')}`;
}

const roleNamed = (name: string, roles: Role[]) =>
  roles.find(({ display_name }) => display_name.toLowerCase() === name.toLowerCase());

const toInvite = ({ name, email, role }: Person, roles: Role[]): Invite => ({
  email,
  full_name: name || null,
  workspace_role_id: roleNamed(role, roles)?.id ?? null,
});

/**
 * Compares each row of the response with the members and invitations that existed before. Duplicates are found by the
 * id in the response, which is the same for every spelling of an address.
 */
async function compareWithExisting({ id: here, api }: Workspace, roles: Role[]): Promise<Judge> {
  const pending = await collect(
    everyRow((part) =>
      api.GET('/api/v1/orgs/current/members/pending', {
        params: { query: { ...part, sort_by_desc: false } },
      }),
    ),
  );
  const members = await collect(
    everyRow((part) =>
      api.GET('/api/v1/orgs/current/members/active', { params: { query: { ...part, sort_by_desc: false } } }),
    ),
  );
  const waitsFor = new Map(pending.map(({ id, tenant_ids = [] }) => [id, tenant_ids]));
  const worksIn = new Map(members.map(({ user_id, tenant_ids = [] }) => [user_id, tenant_ids]));
  const roleName = new Map(roles.map(({ id, display_name }) => [id, display_name]));
  const firstLine = new Map<string, number>();

  return ({ line }, { id, user_id, workspace_role_id }) => {
    const why = `as ${roleName.get(workspace_role_id ?? '')}`;
    const first = firstLine.get(id);
    if (first !== undefined) return { event: 'duplicate', why: `of line ${first}, ${why}` };
    firstLine.set(id, line);
    const places = worksIn.get(user_id ?? '');
    if (places) return { event: places.includes(here) ? 'is a member already' : 'joined at once', why };
    const invitedTo = waitsFor.get(id);
    if (!invitedTo) return { event: 'invited', why };
    return { event: invitedTo.includes(here) ? 'was pending already' : 'was pending, workspace added', why };
  };
}
