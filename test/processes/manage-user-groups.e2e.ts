import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { GROUPS, permissionsOf } from '../support/user-groups.js';

const APPLY = fileURLToPath(new URL('../../examples/manage-user-groups/apply.ts', import.meta.url));

let t: TestApp;
let org: OrgWithAdmin;
let folder: string;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.orgWithAdmin();
  folder = await mkdtemp(join(tmpdir(), 'tenantry-groups-'));
});
afterAll(async () => {
  await t.close();
  await rm(folder, { recursive: true });
});

/** Runs the example with these groups; returns the lines that it prints. */
async function apply(key: string, groups: object[]): Promise<string[]> {
  const file = join(folder, 'groups.json');
  await writeFile(file, JSON.stringify(groups));
  const { stdout } = await promisify(execFile)(process.execPath, [APPLY, '--server', t.url, '--file', file], {
    env: { PATH: process.env['PATH'], LANGSMITH_API_KEY: key },
  });
  return stdout.trim().split('\n').filter(Boolean);
}

const keyOfAdmin = async (): Promise<string> => {
  const wish = { org_role_id: role('ORGANIZATION_ADMIN') };
  return (await org.admin.api.post('/api/v1/orgs/current/service-keys', wish)).body.key;
};
/** An operator who is Admin of the workspace, and so gives the role of the group. */
const tokenOfOperator = async (): Promise<string> => {
  const { api } = await t.fixtures.member(org, {
    org: 'ORGANIZATION_OPERATOR',
    workspace: 'WORKSPACE_ADMIN',
  });
  return (await api.post('/api/v1/orgs/current/personal-access-tokens', {})).body.key;
};

it.each([
  ['a service key of an admin', keyOfAdmin],
  ['a token of an operator', tokenOfOperator],
])('makes the groups of an organization what the file says, once, with %s', async (_whose, newKey) => {
  const key = await newKey();
  const [ann, ben] = [
    await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' }),
    await t.fixtures.member(org, {}),
  ];
  const workspace = (await org.admin.api.get(`/api/v1/workspaces/${org.workspaceId}`)).body.display_name;
  const group = {
    name: `Makers ${randomUUID()}`,
    roles: { [workspace]: 'Editor' },
    members: [ann.email, ben.email],
  };

  expect(await apply(key, [group])).toHaveLength(4);
  expect(await permissionsOf(ann, org.workspaceId)).toContain('datasets:create');
  expect(await apply(key, [group])).toEqual([]);

  const reduced = { ...group, description: 'Fewer', roles: {}, members: [ben.email] };
  expect(await apply(key, [reduced])).toHaveLength(3);
  expect(await permissionsOf(ann, org.workspaceId)).not.toContain('datasets:create');
  const { body } = await org.admin.api.get(GROUPS);
  expect(body.items).toContainEqual(expect.objectContaining({ name: group.name, description: 'Fewer' }));
});
