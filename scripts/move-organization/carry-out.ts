import type { Api } from './api.ts';
import { type Organization, readOrganization } from './organization.ts';
import { type Invitation, type Plan, planMove } from './plan.ts';

const BATCH = 100;

type Print = (what: string, name: string) => void;
type Ids = { readonly roles: ReadonlyMap<string, string>; readonly workspaces: ReadonlyMap<string, string> };

/**
 * Adds what the target lacks, and prints each thing once it is there. People are planned after the workspaces exist, since
 * their creator is a member of them. After a failure the next run adds the rest.
 *
 * @returns what was added
 * @throws Refused
 */
export async function carryOut(
  api: Api,
  source: Organization,
  target: Organization,
  print: Print,
): Promise<Plan> {
  const { roles, workspaces, remarks } = planMove(source, target);
  for (const { displayName, description, permissions } of roles) {
    await api.post('/api/v1/orgs/current/roles', { display_name: displayName, description, permissions });
    print('role', displayName);
  }
  for (const name of workspaces) {
    await api.post('/api/v1/workspaces', { display_name: name });
    print('workspace', name);
  }
  const prepared = await readOrganization(api);
  const { invitations, placements } = planMove(source, prepared);
  const ids = idsOf(prepared);
  for (let start = 0; start < invitations.length; start += BATCH) {
    const batch = invitations.slice(start, start + BATCH);
    await api.post(
      '/api/v1/orgs/current/members/batch',
      batch.map((invitation) => toRow(invitation, ids)),
    );
    for (const { email } of batch) print('invitation', email);
  }
  for (const { person, workspace, role } of placements) {
    const body = { org_identity_id: person.id, role_id: ids.roles.get(role) ?? null };
    await api.in(ids.workspaces.get(workspace) ?? '').post('/api/v1/workspaces/current/members', body);
    print('membership', `${person.email} in ${workspace}`);
  }
  return { roles, workspaces, invitations, placements, remarks };
}

const idsOf = ({ roles, workspaces }: Organization): Ids => ({
  roles: new Map(roles.map(({ key, id }) => [key, id])),
  workspaces: new Map(workspaces.map(({ name, id }) => [name, id])),
});

/** A role that the target does not have is its default. */
const toRow = ({ email, fullName, role, workspaces, workspaceRole }: Invitation, ids: Ids) => ({
  email,
  full_name: fullName,
  role_id: ids.roles.get(role ?? '') ?? null,
  workspace_ids: workspaces.flatMap((name) => ids.workspaces.get(name) ?? []),
  workspace_role_id: ids.roles.get(workspaceRole ?? '') ?? null,
});
