import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type OrgWithAdmin, type Person, role } from '../support/fixtures.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const EXAMPLE = fileURLToPath(new URL('../../examples/onboard-team/', import.meta.url));
const PEOPLE = join(EXAMPLE, 'people.csv');

/** Users of the file who are known before it is read; some occur in it twice. */
const HERE_ALREADY = ['tamara.varga@example.com', 'olga.petrov@example.com', 'mai.nguyen@example.org'];
const IN_ORG_ONLY = ['yara.dahl@example.com', 'ruben.jansen@example.com', 'edda.singh@example.com'];
const PENDING_HERE = ['kofi.kimura@example.org', 'lars.ferreira@example.com'];
const PENDING_IN_ORG = [
  'zoë.ångström@example.org',
  'juergen@xn--bcher-kva.example.com',
  'hugo.tanaka@example.com',
];

let t: TestApp;
let folder: string;
beforeAll(async () => {
  t = await startTestApp();
  folder = await mkdtemp(join(tmpdir(), 'tenantry-onboard-'));
});
afterAll(async () => {
  await t.close();
  await rm(folder, { recursive: true });
});

type Line = { line: number; email: string; event: string; why: string };
type Run = { code: number; lines: Line[]; summary: string; stderr: string };

/** Runs a script of the example as a user would, with the Node.js of the tests. */
function script(name: string, args: string[], environment: NodeJS.ProcessEnv = {}) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const env = { PATH: process.env.PATH, ...environment };
    execFile(process.execPath, [join(EXAMPLE, name), ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

async function onboard(lead: Person, file: string): Promise<Run> {
  const [workspace] = (await lead.api.get('/api/v1/workspaces')).body;
  const { code, stdout, stderr } = await script(
    'onboard.ts',
    ['--server', t.url, '--file', file, '--workspace', workspace.display_name],
    { ONBOARD_EMAIL: lead.email, ONBOARD_PASSWORD: lead.password },
  );
  const [table = '', summary = ''] = stdout.trim().split('\n\n');
  const cells = table.split('\n').map((row) => row.split(/ {2,}/));
  const lines = cells.slice(1).map(([line = '', email = '', event = '', why = '']) => ({
    ...{ line: Number(line), email, event, why },
  }));
  return { code, lines, summary, stderr };
}

async function csv(rows: string[]): Promise<string> {
  const file = join(folder, `${rows.length}.csv`);
  await writeFile(file, ['name,e-mail,role', ...rows].join('\n'));
  return file;
}

/** An organization in which workspace admins may invite, or not, and the workspace admin who leads the team. */
async function orgWithLead({ mayInvite }: { mayInvite: boolean }): Promise<OrgWithAdmin & { lead: Person }> {
  const org = await t.fixtures.orgWithAdmin();
  const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
  await org.admin.api.patch('/api/v1/orgs/current/info', { workspace_admin_can_invite_to_org: mayInvite });
  return { ...org, lead };
}

/** Makes some users of the file members or pending members. */
async function someAreKnown(org: OrgWithAdmin): Promise<void> {
  const here = { workspace_ids: [org.workspaceId], workspace_role_id: role('WORKSPACE_VIEWER') };
  for (const email of HERE_ALREADY)
    await t.fixtures.addMember(org, { email }, { workspace: 'WORKSPACE_VIEWER' });
  for (const email of IN_ORG_ONLY) await t.fixtures.addMember(org, { email }, {});
  const { status } = await org.admin.api.post('/api/v1/orgs/current/members/batch', [
    ...PENDING_HERE.map((email) => ({ email, ...here })),
    ...PENDING_IN_ORG.map((email) => ({ email })),
  ]);
  expect(status).toBe(200);
}

type Place = { orgId: string; workspaceId: string };

/** The members of the organization and of the workspace in the database. */
async function roster({ orgId, workspaceId }: Place) {
  const emails = async (query: string, id: string) =>
    (await t.sql<{ email: string }>(query, [id])).map(({ email }) => email).sort();
  return {
    members: await emails(
      'select u.email from org_memberships m join users u on u.id = m.user_id where m.org_id = $1',
      orgId,
    ),
    membersHere: await emails(
      'select u.email from workspace_memberships m join users u on u.id = m.user_id where m.workspace_id = $1',
      workspaceId,
    ),
    pending: await emails(`select email from invitations where org_id = $1 and status = 'pending'`, orgId),
    pendingHere: await emails(
      `select i.email from invitations i join invitation_workspaces w on w.invitation_id = i.id
       where w.workspace_id = $1 and i.status = 'pending'`,
      workspaceId,
    ),
  };
}

const without = (all: string[], known: string[]) => all.filter((email) => !known.includes(email));

const counts = (lines: Line[]) =>
  Object.fromEntries(
    [...Map.groupBy(lines, ({ event }) => event)].map(([event, { length }]) => [event, length]),
  );

const emailsOf = (lines: Line[], event: string) =>
  lines
    .filter((line) => line.event === event)
    .map(({ email }) => email.toLowerCase())
    .sort();

it('generates the client types from the description that the server serves', async () => {
  const { code } = await script('generate-client.ts', [`${t.url}/openapi.json`]);

  expect(code).toBe(0);
  const types = await readFile(join(EXAMPLE, 'generated/served.d.ts'), 'utf8');
  expect(types).toContain('"/api/v1/workspaces/current/members/batch": {');
});

it('invites a file of 300 people and reports for each line what the database then contains', async () => {
  const org = await orgWithLead({ mayInvite: true });
  await someAreKnown(org);
  const before = await roster(org);

  const { code, lines, summary } = await onboard(org.lead, PEOPLE);

  expect(code).toBe(0);
  expect(lines.map(({ line }) => line)).toEqual(Array.from({ length: 300 }, (_, index) => index + 2));
  expect(counts(lines)).toEqual({
    invited: 262,
    'joined at once': 3,
    'was pending, workspace added': 3,
    'was pending already': 2,
    'is a member already': 3,
    duplicate: 14,
    'not invited': 13,
  });
  expect(summary).toMatch(/^300 lines: 262 invited; 3 joined at once; /);

  const after = await roster(org);
  expect(without(after.pending, before.pending)).toEqual(emailsOf(lines, 'invited'));
  expect(without(after.membersHere, before.membersHere)).toEqual(emailsOf(lines, 'joined at once'));
  expect(without(after.pendingHere, before.pendingHere)).toHaveLength(262 + 3);
  expect(after.members).toEqual(before.members);
});

it("reports for each line without an invitation the reason, in the server's words where it refused", async () => {
  const { lead } = await orgWithLead({ mayInvite: true });

  const { lines } = await onboard(lead, PEOPLE);

  const whyOf = (email: string) => lines.find((line) => line.email === email)?.why;
  expect(whyOf('hiroshi.endo.example.com')).toBe('The e-mail address must have exactly one @.');
  expect(whyOf('chen.wei＠example.com')).toMatch(/Unicode normalisation/);
  expect(whyOf('lena.brandt@example.com')).toBe('expected 3 columns (name, e-mail, role), found 2');
  expect(whyOf('sven.holt@example.com')).toMatch(/^no workspace role "Manager"; there are .*Editor/);
  expect(whyOf('Juergen@xn--bcher-kva.example.com')).toBe('of line 142, as Editor');
});

it('invites no new users in a second run and reports that', async () => {
  const org = await orgWithLead({ mayInvite: true });
  await onboard(org.lead, PEOPLE);
  const before = await roster(org);

  const { code, lines, summary } = await onboard(org.lead, PEOPLE);

  expect(code).toBe(0);
  expect(counts(lines)).toEqual({ 'was pending already': 273, duplicate: 14, 'not invited': 13 });
  expect(summary).toMatch(/No new user was invited\.$/);
  expect(await roster(org)).toEqual(before);
});

it('writes nothing while the feature is turned off, and names who can turn on which setting', async () => {
  const org = await orgWithLead({ mayInvite: false });
  await someAreKnown(org);
  const before = await roster(org);

  const { code, lines, stderr } = await onboard(org.lead, PEOPLE);

  expect(code).toBe(1);
  expect(stderr).toMatch(/^The server refused: .*organization admin.*workspace_admin_can_invite_to_org/);
  expect(counts(lines)).toEqual({ 'not invited': 13, 'not handled': 287 });
  expect(await roster(org)).toEqual(before);
});

it('refuses only the line whose role exceeds that of the team lead', async () => {
  const org = await t.fixtures.orgWithAdmin();
  await org.admin.api.patch('/api/v1/orgs/current/info', { workspace_admin_can_invite_to_org: true });
  const roles: { id: string; permissions: string[] }[] = (
    await org.admin.api.get('/api/v1/orgs/current/roles')
  ).body;
  const viewer = roles.find(({ id }) => id === role('WORKSPACE_VIEWER'))!;
  const greeter = await org.admin.api.post('/api/v1/orgs/current/roles', {
    ...{ display_name: 'Greeter', description: 'Brings viewers in' },
    permissions: [...viewer.permissions, 'workspaces:manage-members'],
  });
  const lead = await t.fixtures.member(org, { workspace: greeter.body.id });

  const { code, lines } = await onboard(
    lead,
    await csv(['A,a@example.com,Viewer', 'B,b@example.com,Editor']),
  );

  expect(code).toBe(0);
  expect(lines).toMatchObject([
    { email: 'a@example.com', event: 'invited', why: 'as Viewer' },
    { email: 'b@example.com', event: 'not invited', why: expect.stringMatching(/role Editor/) },
  ]);
  expect((await roster(org)).pending).toEqual(['a@example.com']);
});

it('reports the invited lines when the seats run out between two batches', async () => {
  const org = await orgWithLead({ mayInvite: true });
  await t.sql('update organizations set max_identities = 505 where id = $1', [org.orgId]);
  const rows = Array.from({ length: 510 }, (_, index) => `Person ${index},person-${index}@example.com,`);

  const { code, lines, stderr } = await onboard(org.lead, await csv(rows));

  expect(code).toBe(1);
  expect(stderr).toMatch(/^The server refused: All 505 seats /);
  expect(counts(lines)).toEqual({ invited: 500, 'not handled': 10 });
  expect((await roster(org)).pendingHere).toEqual(emailsOf(lines, 'invited'));
});
