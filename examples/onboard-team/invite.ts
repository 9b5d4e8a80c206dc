import type { components } from './generated/served.d.ts';
import { COLUMNS, type Person } from './people.ts';
import { answered, everyPage, type Problem, Refused, type Workspace } from './workspace.ts';

type Role = components['schemas']['Role'];
type Invite = components['schemas']['PendingIdentityCreate'];
type Invited = components['schemas']['PendingIdentity'];

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

/** What happened to a line of the file, and why. */
export type Outcome = { event: (typeof EVENTS)[number]; why: string };

type Row = { person: Person; invite: Invite };
type Judge = (person: Person, invited: Invited) => Outcome;

/** The most that one call takes. */
const BATCH = 500;

/**
 * Invites people to the workspace and tells of each what happened. Throws `Refused` when the server wants none of
 * those who are left, whoever they are: somebody has to allow it first.
 */
export async function* invite(workspace: Workspace, people: Person[]): AsyncGenerator<[Person, Outcome]> {
  const everyRole = await answered(workspace.api.GET('/api/v1/orgs/current/roles'));
  const roles = everyRole.filter(({ access_scope }) => access_scope === 'workspace');
  const judge = await judgeByTodaysRoster(workspace, roles);
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

/** The server takes a whole batch or nothing of it. The lines it minds are reported, the others sent again. */
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
    const refusal = new Refused(call.response.status, call.error);
    const whyNot = problemsByRow(refusal);
    for (const [row, why] of whyNot) yield [left[row]!.person, { event: 'not invited', why }];
    left = left.filter((_, row) => !whyNot.has(row));
  }
}

/** A refusal that is not about lines of the file is thrown on. */
function problemsByRow(refusal: Refused): Map<number, string> {
  const isAboutRow = ({ loc: [, row] }: Problem) => typeof row === 'number';
  // 403 for an address, not for a role: no new person may come from this caller, or to this organization.
  const isAboutEverybody = refusal.status === 403 && refusal.problems.some(({ loc }) => loc[2] === 'email');
  const located = refusal.problems.filter(isAboutRow);
  if (isAboutEverybody || located.length === 0) throw refusal;
  const byRow = Map.groupBy(located, ({ loc }) => Number(loc[1]));
  return new Map([...byRow].map(([row, problems]) => [row, problems.map(({ msg }) => msg).join(' ')]));
}

/** What cannot even be asked of the server. Whether an e-mail address is one, it decides. */
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
 * The answer says who each line is now; who was there before says what is new in it. An answer's id stands for one
 * person however the address was spelled, so a second line of that person needs no rules of ours to be found.
 */
async function judgeByTodaysRoster({ id: here, api }: Workspace, roles: Role[]): Promise<Judge> {
  const pending = await everyPage((query) =>
    api.GET('/api/v1/orgs/current/members/pending', { params: { query } }),
  );
  const members = await everyPage((query) =>
    api.GET('/api/v1/orgs/current/members/active', { params: { query } }),
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
