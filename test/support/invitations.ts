import { randomUUID } from 'node:crypto';
import type { Permission } from '../../src/common/access/permissions.js';
import type { OrgWithAdmin, Person } from './fixtures.js';
import type { TestApp } from './test-app.js';

export const WORKSPACE_BATCH = '/api/v1/workspaces/current/members/batch';
export const ORG_MEMBERS = '/api/v1/orgs/current/members';
export const ORG_BATCH = `${ORG_MEMBERS}/batch`;
export const WORKSPACE_PENDING = '/api/v1/workspaces/current/members/pending';

/** Sends any body to the batch route; the client names organization and workspace. */
export const inviteBatch = (person: Person, rows: unknown) => person.api.post(WORKSPACE_BATCH, rows);

/** Changes settings of the organization. */
export async function updateOrg({ admin }: OrgWithAdmin, change: Record<string, unknown>): Promise<void> {
  const { status, body } = await admin.api.patch('/api/v1/orgs/current/info', change);
  if (status !== 200) throw new Error(`changing the organization: ${status} ${JSON.stringify(body)}`);
}

export const letWorkspaceAdminsInvite = (org: OrgWithAdmin) =>
  updateOrg(org, { workspace_admin_can_invite_to_org: true });

/** An organization whose workspace admins may invite, and a member with that role or the given one. */
export async function orgWithLead(
  t: TestApp,
  workspaceRole = 'WORKSPACE_ADMIN',
): Promise<{ org: OrgWithAdmin; lead: Person }> {
  const org = await t.fixtures.orgWithAdmin();
  await letWorkspaceAdminsInvite(org);
  return { org, lead: await t.fixtures.member(org, { workspace: workspaceRole }) };
}

/** Creates another workspace of the organization; returns its id. */
export async function anotherWorkspace({ admin }: OrgWithAdmin): Promise<string> {
  const display_name = `Research ${randomUUID().slice(0, 8)}`;
  const { status, body } = await admin.api.post('/api/v1/workspaces', { display_name });
  if (status !== 200) throw new Error(`making a workspace: ${status} ${JSON.stringify(body)}`);
  return body.id;
}

/** Creates a custom workspace role of the organization; returns its id. */
export async function customRole({ admin }: OrgWithAdmin, permissions: Permission[]): Promise<string> {
  const display_name = `Role ${randomUUID().slice(0, 8)}`;
  const { status, body } = await admin.api.post('/api/v1/orgs/current/roles', {
    display_name,
    description: '',
    permissions,
  });
  if (status !== 200) throw new Error(`making a role: ${status} ${JSON.stringify(body)}`);
  return body.id;
}

/** Creates an invitation as the organization's admin; returns its id. */
export async function invitation(
  { admin }: OrgWithAdmin,
  row: { email: string; [field: string]: unknown },
): Promise<string> {
  const { status, body } = await admin.api.post(ORG_MEMBERS, row);
  if (status !== 200) throw new Error(`inviting ${row.email}: ${status} ${JSON.stringify(body)}`);
  return body.id;
}

/** Moves the expiry of an invitation into the past. */
export async function letExpire(t: TestApp, invitationId: string): Promise<void> {
  await t.sql(`update invitations set expires_at = now() - interval '1 second' where id = $1`, [
    invitationId,
  ]);
}

/** All invitations of the organization in the database, oldest first. */
export function invitationsOf(t: TestApp, { orgId }: { orgId: string }) {
  return t.sql<{
    id: string;
    email: string;
    status: string;
    orgRoleId: string;
    grants: Record<string, string>;
  }>(
    `select i.id, i.email, i.status, i.org_role_id as "orgRoleId",
       coalesce((select jsonb_object_agg(workspace_id, role_id) from invitation_workspaces w
         where w.invitation_id = i.id), '{}') as grants
     from invitations i where org_id = $1 order by i.created_at, i.id`,
    [orgId],
  );
}

/** The organization role of a member, or null. */
export async function orgRoleIn(t: TestApp, orgId: string, email: string): Promise<string | null> {
  const [row] = await t.sql<{ role_id: string }>(
    `select m.role_id from org_memberships m join users u on u.id = m.user_id where org_id = $1 and email = $2`,
    [orgId, email],
  );
  return row?.role_id ?? null;
}

/** The role of a member in each of their workspaces. */
export async function workspaceRolesIn(
  t: TestApp,
  orgId: string,
  email: string,
): Promise<Record<string, string>> {
  const rows = await t.sql<{ workspace_id: string; role_id: string }>(
    `select workspace_id, m.role_id from workspace_memberships m join users u on u.id = m.user_id
     where org_id = $1 and email = $2`,
    [orgId, email],
  );
  return Object.fromEntries(rows.map((row) => [row.workspace_id, row.role_id]));
}
