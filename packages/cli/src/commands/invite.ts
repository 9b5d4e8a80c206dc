import { type Api, ApiError, dataOf, type Schemas } from '@tenantry/client';
import type { Connection } from '../connection.js';
import { EXIT, Failure, toFailure } from '../failures.js';
import { confirm, count, isInteractive, note, type Output, progress, safe } from '../terminal.js';
import { type Person, readPeople } from './invite-file.js';

type Invite = Schemas['PendingIdentityCreate'];
type State = 'to invite' | 'is a member' | 'is invited' | 'twice in the file' | 'cannot be invited';
type Row = { person: Person; state: State; why: string; wish: Invite };

const BATCH = 100;
const BATCH_PATH = '/api/v1/orgs/current/members/batch';

/** Shows what would happen, and does it once that is confirmed. Nothing is sent if a line of the file is wrong. */
export async function invite(
  { api }: Connection,
  output: Output,
  file: string,
  { yes = false }: { yes?: boolean },
): Promise<void> {
  const rows = await preview(api, await readPeople(file));
  const wanted = rows.filter(({ state }) => state === 'to invite');
  const wrong = rows.filter(({ state }) => state === 'cannot be invited');
  if (!yes || wrong.length > 0 || wanted.length === 0) show(rows, output);
  if (wrong.length > 0)
    throw new Failure(`${count(wrong.length, 'line is', 'lines are')} wrong: nothing was sent.`);
  if (wanted.length === 0) return note('There is no one to invite.');

  const { display_name: organization } = await dataOf(api.GET('/api/v1/orgs/current'));
  const question = `Invite ${count(wanted.length, 'person', 'people')} to ${safe(organization ?? '')}?`;
  if (!yes && !isInteractive()) throw new Failure(`${question} Repeat with --yes.`, EXIT.usage);
  if (!yes && !(await confirm(question))) throw new Failure('Nothing was sent.');
  await send(api, wanted);
  if (yes)
    show(
      rows.map((row) => (row.state === 'to invite' ? { ...row, state: 'invited' } : row)),
      output,
    );
  note(`${count(wanted.length, 'person was', 'people were')} invited.`);
}

function show(rows: readonly (Omit<Row, 'state'> & { state: string })[], output: Output): void {
  const lines = rows.map(({ person, state, why }) => ({ ...person, state, why }));
  output.rows(
    lines,
    {
      line: ({ line }) => String(line),
      'e-mail': ({ email }) => email,
      name: ({ name }) => name,
      role: ({ role }) => role,
      state: ({ state, why }) => (why ? `${state}: ${why}` : state),
    },
    'The file names no one.',
  );
}

async function preview(api: Api, people: readonly Person[]): Promise<Row[]> {
  const roles = await dataOf(api.GET('/api/v1/orgs/current/roles'));
  const workspaces = await dataOf(api.GET('/api/v1/workspaces'));
  const known = await knownAmong(api, people);
  const earlier = new Set<string>();
  return people.map((person): Row => {
    const { wish, why } = toInvite(person, roles, workspaces);
    const address = person.email.toLowerCase();
    const isRepeated = earlier.has(address);
    earlier.add(address);
    if (why) return { person, state: 'cannot be invited', why, wish };
    if (isRepeated) return { person, state: 'twice in the file', why: '', wish };
    return { person, state: known.get(address) ?? 'to invite', why: '', wish };
  });
}

/** By e-mail address. */
async function knownAmong(api: Api, people: readonly Person[]): Promise<Map<string, State>> {
  const known = new Map<string, State>();
  const emails = [...new Set(people.map(({ email }) => email).filter((email) => email.includes('@')))];
  for (let at = 0; at < emails.length; at += BATCH) {
    progress(`Looking up ${at} of ${emails.length} …`);
    const query = { emails: emails.slice(at, at + BATCH), limit: BATCH };
    const pending = await dataOf(api.GET('/api/v1/orgs/current/members/pending', { params: { query } }));
    const members = await dataOf(api.GET('/api/v1/orgs/current/members/active', { params: { query } }));
    for (const { email } of pending) known.set(email.toLowerCase(), 'is invited');
    for (const { email } of members) known.set((email ?? '').toLowerCase(), 'is a member');
  }
  progress('');
  return known;
}

type Named = { id: string; display_name: string };

/** Its own rules for addresses are stricter; the server checks them when a line is sent. */
const ADDRESS = /^[^\s@]+@[^\s@]+$/;

/** Those of this name: in the same case if there is one, or else in any. */
function named<Item extends Named>(items: readonly Item[], wanted: string): Item[] {
  const same = items.filter(({ display_name: name }) => name.toLowerCase() === wanted.toLowerCase());
  const exact = same.filter(({ display_name: name }) => name === wanted);
  return exact.length > 0 ? exact : same;
}

/** `why`: empty unless the line is wrong. The server checks rights. */
function toInvite(
  { email, name, role, workspace, workspace_role: workspaceRole }: Person,
  roles: readonly Schemas['Role'][],
  workspaces: readonly Named[],
): { wish: Invite; why: string } {
  const of = (scope: string) => roles.filter(({ access_scope: each }) => each === scope);
  const [orgRole, anotherOrgRole] = named(of('organization'), role);
  const [place, anotherPlace] = named(workspaces, workspace);
  const [placeRole, anotherPlaceRole] = named(of('workspace'), workspaceRole);
  const why = [
    email === '' && 'there is no e-mail address',
    email !== '' && !ADDRESS.test(email) && 'this is not an e-mail address',
    role !== '' && !orgRole && `no role of the organization is called ${role}`,
    anotherOrgRole && `several roles of the organization are called ${role}`,
    workspace !== '' && !place && `no workspace is called ${workspace}`,
    anotherPlace && `several workspaces are called ${workspace}`,
    workspaceRole !== '' && !placeRole && `no role of workspaces is called ${workspaceRole}`,
    anotherPlaceRole && `several roles of workspaces are called ${workspaceRole}`,
    workspaceRole !== '' && workspace === '' && 'a role of workspaces needs a workspace',
  ].find((each) => typeof each === 'string');
  const wish: Invite = {
    email,
    ...(name && { full_name: name }),
    ...(orgRole && { role_id: orgRole.id }),
    ...(place && { workspace_ids: [place.id] }),
    ...(placeRole && { workspace_role_id: placeRole.id }),
  };
  return { wish, why: why ?? '' };
}

/** The server accepts a batch as a whole or not at all. */
async function send(api: Api, rows: readonly Row[]): Promise<void> {
  for (let at = 0; at < rows.length; at += BATCH) {
    progress(`Inviting ${at} of ${rows.length} …`);
    const batch = rows.slice(at, at + BATCH);
    try {
      await dataOf(api.POST(BATCH_PATH, { body: batch.map(({ wish }) => wish) }));
    } catch (error) {
      const { message, exitCode } = failureOf(error, batch);
      const sent = `${at} of ${count(rows.length, 'person was', 'people were')} invited`;
      throw new Failure(`${message}\n${sent}; the same file may be used again.`, exitCode);
    }
  }
  progress('');
}

function failureOf(error: unknown, batch: readonly Row[]): Failure {
  if (!(error instanceof ApiError) || error.problems.length === 0) return toFailure(error);
  const lines = error.problems.map(({ loc, msg }) => {
    const row = batch[Number(loc?.[1])];
    return row ? `Line ${row.person.line}: ${msg}` : msg;
  });
  return new Failure(`The server refused: ${safe(lines.join('; '))}`);
}
