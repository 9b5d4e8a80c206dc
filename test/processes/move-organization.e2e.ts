import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OrgWithAdmin, type Person, role } from '../support/fixtures.js';
import { anotherWorkspace, customRole, invitation, ORG_MEMBERS } from '../support/invitations.js';
import { ROOT } from '../support/server-process.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let source: TestApp;
let target: TestApp;
let from: OrgWithAdmin;
let to: OrgWithAdmin;
let environment: Record<string, string>;
beforeAll(async () => {
  [source, target] = [await startTestApp(), await startTestApp()];
  [from, to] = [await source.fixtures.orgWithAdmin(), await target.fixtures.orgWithAdmin()];
  environment = {
    SOURCE_URL: source.url,
    SOURCE_API_KEY: await keyOf(from.admin),
    TARGET_URL: target.url,
    TARGET_API_KEY: await keyOf(to.admin),
    SOURCE_ORGANIZATION_ID: from.orgId,
    TARGET_ORGANIZATION_ID: to.orgId,
  };
});
afterAll(() => Promise.all([source.close(), target.close()]));

/** A personal access token. */
async function keyOf({ api }: Person): Promise<string> {
  const { status, body } = await api.post('/api/v1/api-key/current', { description: 'Move' });
  if (status !== 200) throw new Error(`making a key: ${status} ${JSON.stringify(body)}`);
  return body.key;
}

function move(...args: string[]): Promise<{ code: number; output: string }> {
  const env = { PATH: process.env['PATH'], ...environment };
  const script = join(ROOT, 'scripts/move-organization/run.ts');
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    );
  });
}

type Listed = { email: string; role_id: string; tenant_ids: string[]; workspace_role_id: string | null };
async function membersOf({ admin }: OrgWithAdmin): Promise<{ members: Listed[]; pending: Listed[] }> {
  return (await admin.api.get(ORG_MEMBERS)).body;
}
const workspacesOf = async ({ admin }: OrgWithAdmin): Promise<{ id: string; display_name: string }[]> =>
  (await admin.api.get('/api/v1/workspaces')).body;

it('copies roles, workspaces and people once, and the rest of their workspaces after they joined', async () => {
  const reviewer = await customRole(from, ['workspaces:read', 'datasets:read']);
  const research = await anotherWorkspace(from);
  const lead = await source.fixtures.member(from, {
    org: 'ORGANIZATION_OPERATOR',
    workspace: 'WORKSPACE_ADMIN',
  });
  await from.admin.api.as({ workspaceId: research }).post('/api/v1/workspaces/current/members', {
    user_id: lead.userId,
    role_id: reviewer,
  });
  const known = await source.fixtures.member(from, {});
  await target.fixtures.member(to, { email: known.email, org: 'ORGANIZATION_VIEWER' });
  await invitation(from, {
    email: 'pending@example.com',
    workspace_ids: [research],
    workspace_role_id: reviewer,
  });

  const planned = await move('--dry-run');
  const untouched = [await membersOf(to), await workspacesOf(to)] as const;
  const moved = await move();
  const again = await move();

  expect(planned).toMatchObject({
    code: 0,
    output: expect.stringMatching(/^Missing: 1 roles, 1 workspaces, 3 invitations/m),
  });
  expect(untouched[0].pending).toEqual([]);
  expect(untouched[1]).toHaveLength(1);
  expect(moved).toMatchObject({
    code: 0,
    output: expect.stringMatching(/^Added: 1 roles, 1 workspaces, 3 invitations/m),
  });
  expect(moved.output).toContain(
    `${known.email}: is ORGANIZATION_VIEWER at the target and ORGANIZATION_USER at the source`,
  );
  expect(again.output).toMatch(/^Added: 0 roles, 0 workspaces, 0 invitations, 0 workspace memberships$/m);
  const { pending } = await membersOf(to);
  const [first, second] = (await workspacesOf(to)).toSorted(({ id }) => (id === to.workspaceId ? -1 : 1));
  expect(pending.find(({ email }) => email === lead.email)).toMatchObject({
    role_id: role('ORGANIZATION_OPERATOR'),
    tenant_ids: [first!.id],
    workspace_role_id: role('WORKSPACE_ADMIN'),
  });
  expect(pending.find(({ email }) => email === 'pending@example.com')).toMatchObject({
    tenant_ids: [second!.id],
  });

  const joined = await target.fixtures.userWithoutOrg(lead.email);
  await joined.api.post(`/api/v1/orgs/pending/${to.orgId}/claim`);
  const completed = await move();

  expect(completed.output).toMatch(/^Added: .* 1 workspace memberships$/m);
  const { members } = await membersOf(to);
  expect(members.find(({ email }) => email === lead.email)?.tenant_ids.toSorted()).toEqual(
    [first!.id, second!.id].toSorted(),
  );
});

describe('run by somebody below Organization Admin', () => {
  let kept: Record<string, string>;
  let colleague: Person;
  beforeAll(() => {
    kept = environment;
  });
  afterAll(() => {
    environment = kept;
  });

  /** Two organizations. The caller has these roles in both; the admin of the source is a user of the target. */
  async function prepare(roles: { org?: 'ORGANIZATION_OPERATOR'; workspace: string }): Promise<Person> {
    [from, to] = [await source.fixtures.orgWithAdmin(), await target.fixtures.orgWithAdmin()];
    const runner = await source.fixtures.member(from, roles);
    const same = await target.fixtures.member(to, { ...roles, email: runner.email });
    colleague = await source.fixtures.member(from, { workspace: 'WORKSPACE_USER' });
    await target.fixtures.member(to, { email: from.admin.email });
    environment = {
      ...kept,
      SOURCE_API_KEY: await keyOf(runner),
      TARGET_API_KEY: await keyOf(same),
      SOURCE_ORGANIZATION_ID: from.orgId,
      TARGET_ORGANIZATION_ID: to.orgId,
    };
    return runner;
  }

  it('copies workspaces, people and memberships for an operator', async () => {
    const { userId } = await prepare({ org: 'ORGANIZATION_OPERATOR', workspace: 'WORKSPACE_ADMIN' });
    const inResearch = from.admin.api.as({ workspaceId: await anotherWorkspace(from) });
    const operator = { user_id: userId, role_id: role('WORKSPACE_ADMIN') };
    expect((await inResearch.post('/api/v1/workspaces/current/members', operator)).status).toBe(200);

    const moved = await move();

    // The admin's, in both workspaces.
    const added = /^Added: 0 roles, 1 workspaces, 1 invitations, 2 workspace memberships$/m;
    expect(moved).toMatchObject({ code: 0, output: expect.stringMatching(added) });
    const { members, pending } = await membersOf(to);
    expect(pending).toMatchObject([{ email: colleague.email, workspace_role_id: role('WORKSPACE_USER') }]);
    const admin = members.find(({ email }) => email === from.admin.email);
    expect(admin?.tenant_ids).toHaveLength(2);
  });

  it('stops before the first invitation when an operator would make an admin', async () => {
    await prepare({ org: 'ORGANIZATION_OPERATOR', workspace: 'WORKSPACE_ADMIN' });
    await source.fixtures.member(from, { org: 'ORGANIZATION_ADMIN' });

    const { code, output } = await move();

    expect(code).toBe(1);
    expect(output).toContain('You may not invite people as Organization Admin');
    expect((await membersOf(to)).pending).toEqual([]);
  });

  it('adds people of the organization to the workspace of a workspace admin', async () => {
    await prepare({ workspace: 'WORKSPACE_ADMIN' });
    await target.fixtures.member(to, { email: colleague.email });

    const moved = await move();

    expect(moved).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^Added: .* 2 workspace memberships$/m),
    });
    const { members } = await membersOf(to);
    expect(members).toHaveLength(4);
    for (const member of members) expect(member.tenant_ids).toEqual([to.workspaceId]);
  });
});

it('stops with the response of the server and without the key when a credential is refused', async () => {
  const script = environment['SOURCE_API_KEY']!;
  environment['SOURCE_API_KEY'] = `${script}x`;

  const { code, output } = await move();

  environment['SOURCE_API_KEY'] = script;
  expect(code).toBe(1);
  expect(output).toMatch(/^Stopped: GET http:\S+: 40[13] /m);
  expect(output).not.toContain(script);
});

it('names the variables that are missing', async () => {
  const { TARGET_API_KEY: _, ...others } = environment;
  const kept = environment;
  environment = others;

  const { code, output } = await move();

  environment = kept;
  expect(code).toBe(1);
  expect(output).toContain('TARGET_URL and TARGET_API_KEY are required');
});
