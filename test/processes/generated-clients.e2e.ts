/** @takes-long */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OrgWithAdmin, type Person, role } from '../support/fixtures.js';
import { invitationsOf, workspaceRolesIn } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PUBLISHED = join(ROOT, '../shared/contract/contract.openapi.json');
const CLIENTS = ['openapi-fetch', 'hey-api'];
const DESCRIPTIONS = ['served', ...(existsSync(PUBLISHED) ? ['published'] : [])];

let t: TestApp;
let org: OrgWithAdmin;
let key: string;
let folder: string;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.defaultOrg();
  const wish = { org_role_id: role('ORGANIZATION_ADMIN') };
  key = (await org.admin.api.post('/api/v1/orgs/current/service-keys', wish)).body.key;
  folder = await mkdtemp(join(tmpdir(), 'tenantry-clients-'));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  const sources: Record<string, string> = { served: `${t.url}/openapi.json`, published: PUBLISHED };
  await Promise.all(DESCRIPTIONS.map((name) => generate(name, sources[name]!)));
});
afterAll(async () => {
  await t.close();
  await rm(folder, { recursive: true });
});

const run = (script: string, args: string[], env: Record<string, string> = {}) =>
  promisify(execFile)(process.execPath, [script, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    cwd: folder,
  });

/** A copy of the example with clients that its own script generates from this description. */
async function generate(name: string, description: string): Promise<void> {
  const example = join(folder, name);
  const filter = (path: string) => !path.endsWith('generated');
  await cp(join(ROOT, 'examples/manage-organization'), example, { recursive: true, filter });
  await run(join(example, 'generate-clients.ts'), [description]);
}

/** Runs the example with a new workspace, a new user and this member; returns its report. */
async function manage(name: string, client: string, member: Person, newcomer: string) {
  const { stdout } = await run(
    join(folder, name, 'manage.ts'),
    ['--client', client, '--server', t.url, '--workspace', `Made by ${client} of ${name}`]
      .concat('--newcomer', newcomer)
      .concat('--member', member.email),
    { LANGSMITH_API_KEY: key },
  );
  return JSON.parse(stdout);
}

describe.each(CLIENTS)('%s', (client) => {
  it.each(DESCRIPTIONS)(
    'manages an organization with the client generated from the %s description',
    async (name) => {
      const member = await t.fixtures.member(org, {});
      const newcomer = t.fixtures.email('newcomer');

      const report = await manage(name, client, member, newcomer);

      const { workspaceId } = report;
      expect(report).toEqual({
        workspaceId: expect.any(String),
        invited: { id: expect.any(String), orgRole: 'Organization User', workspaceRole: 'Editor' },
        member: {
          id: member.membershipId,
          orgRoles: ['Organization User', 'Organization Viewer'],
          workspaceRoles: ['Editor', 'Viewer'],
        },
        key: { id: expect.any(String), sees: [member.email] },
      });
      expect((await invitationsOf(t, org)).find(({ email }) => email === newcomer)).toEqual({
        id: report.invited.id,
        email: newcomer,
        status: 'pending',
        orgRoleId: role('ORGANIZATION_USER'),
        grants: { [workspaceId]: role('WORKSPACE_USER') },
      });
      expect(await workspaceRolesIn(t, org.orgId, member.email)).toEqual({
        [workspaceId]: role('WORKSPACE_VIEWER'),
      });
      expect(await t.sql('select from api_keys where id = $1', [report.key.id])).toEqual([]);
    },
  );
});

if (!existsSync(PUBLISHED))
  it.skip('skips the published description, since ../shared/contract/contract.openapi.json does not exist', () => {});
