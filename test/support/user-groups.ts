import { randomUUID } from 'node:crypto';
import type { Api, Reply } from './api.js';
import { type Member, type OrgWithAdmin, role } from './fixtures.js';
import type { TestApp } from './test-app.js';

export const GROUPS = '/v1/platform/orgs/current/user-groups';

type By = { readonly api: Api };

async function expectStatus(status: number, request: Promise<Reply>): Promise<any> {
  const reply = await request;
  if (reply.status === status) return reply.body;
  throw new Error(`expected ${status}, got ${reply.status} ${JSON.stringify(reply.body)}`);
}

/** Creates a group as the organization's admin; returns its id. */
export async function userGroup(
  { admin }: Pick<OrgWithAdmin, 'admin'>,
  parts: Record<string, unknown> = {},
): Promise<string> {
  const body = { name: `Group ${randomUUID().slice(0, 8)}`, ...parts };
  return (await expectStatus(201, admin.api.post(GROUPS, body))).id;
}

export const addTo = ({ api }: By, groupId: string, ...members: Pick<Member, 'membershipId'>[]) =>
  api.post(`${GROUPS}/${groupId}/members`, { identity_ids: members.map(({ membershipId }) => membershipId) });
export const removeFrom = ({ api }: By, groupId: string, { membershipId }: Pick<Member, 'membershipId'>) =>
  api.delete(`${GROUPS}/${groupId}/members/${membershipId}`);
export const grantTo = ({ api }: By, groupId: string, workspaceId: string, roleId: string) =>
  api.post(`${GROUPS}/${groupId}/workspaces`, { workspace_id: workspaceId, role_id: roleId });
export const regrant = ({ api }: By, groupId: string, workspaceId: string, roleId: string) =>
  api.patch(`${GROUPS}/${groupId}/workspaces/${workspaceId}`, { role_id: roleId });
export const revokeFrom = ({ api }: By, groupId: string, workspaceId: string) =>
  api.delete(`${GROUPS}/${groupId}/workspaces/${workspaceId}`);

/** A group with a role in the organization's workspace, made by the admin, with these members; returns its id. */
export async function groupWith(
  org: OrgWithAdmin,
  roleId: string,
  ...members: Pick<Member, 'membershipId'>[]
): Promise<string> {
  const id = await userGroup(org);
  await expectStatus(201, grantTo(org.admin, id, org.workspaceId, roleId));
  if (members.length > 0) await expectStatus(207, addTo(org.admin, id, ...members));
  return id;
}

/** The child group in a workspace. */
export async function childOf(t: TestApp, groupId: string, workspaceId: string): Promise<string> {
  const [child] = await t.sql<{ id: string }>(
    'select id from user_groups where parent_user_group_id = $1 and workspace_id = $2',
    [groupId, workspaceId],
  );
  if (!child) throw new Error(`${groupId} has no child in ${workspaceId}`);
  return child.id;
}

/** What the caller may do in the workspace of their client, as the list of workspaces says. */
export async function permissionsOf({ api }: By, workspaceId: string): Promise<string[]> {
  const workspaces: { id: string; permissions: string[] }[] = await expectStatus(
    200,
    api.get('/api/v1/workspaces'),
  );
  return workspaces.find(({ id }) => id === workspaceId)?.permissions ?? [];
}

export const EDITOR = role('WORKSPACE_USER');
export const VIEWER = role('WORKSPACE_VIEWER');
export const WORKSPACE_ADMIN = role('WORKSPACE_ADMIN');

export const attachTo = ({ api }: By, groupId: string, policyId: string, workspaceId?: string) =>
  api.post(`${GROUPS}/${groupId}/access-policies`, {
    access_policy_id: policyId,
    ...(workspaceId === undefined ? {} : { workspace_id: workspaceId }),
  });
export const detachFrom = ({ api }: By, groupId: string, policyId: string, workspaceId?: string) =>
  api.delete(
    `${GROUPS}/${groupId}/access-policies/${policyId}${workspaceId ? `?workspace_id=${workspaceId}` : ''}`,
  );
