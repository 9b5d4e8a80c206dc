import type { Sequence } from '../area.ts';
import type { Client } from '../client.ts';
import { firstWorkspace, get, listAt, newAddress, ORG, patch, post, rolesOf, WORKSPACE } from './requests.ts';

const ACCESS = {
  may_invite_new_people: (value: unknown) => typeof value === 'boolean',
  may_add_members: (value: unknown) => typeof value === 'boolean',
};

/** Invites addresses of example.com, and revokes that afterwards. */
export const INVITATIONS: Sequence = {
  name: 'invitations',
  run: async (client) => {
    await client.check('says whether the caller may invite', get(`${ORG}/info`), {
      status: 200,
      body: { invite_access: { organization: ACCESS } },
    });
    const workspaces = await listAt(client, '/api/v1/workspaces');
    client.compare(
      'says so for each workspace',
      workspaces.map(() => ({ invite_access: ACCESS })),
      workspaces,
    );
    await checkSwitch(client);
    await checkPending(client);
  },
};

/** Sends the stored value again: a warning says if the installation overrules it. */
async function checkSwitch(client: Client): Promise<void> {
  const { body: info } = await client.send(get(`${ORG}/info`));
  const stored = info['workspace_admin_can_invite_to_org'] === true;
  const isOverruled = stored !== info['workspace_admin_can_invite_to_org_effective'];
  await client.check(
    isOverruled
      ? 'warns that the installation overrules the switch'
      : 'does not warn about a switch in effect',
    patch(`${ORG}/info`, { workspace_admin_can_invite_to_org: stored }),
    { status: 200, headers: { warning: isOverruled ? /^299 - "workspace_admin_/ : undefined } },
  );
}

async function checkPending(client: Client): Promise<void> {
  const { id: workspaceId, headers } = await firstWorkspace(client);
  const roles = await rolesOf(client);
  const [viewer, editor] = [roles['WORKSPACE_VIEWER'], roles['WORKSPACE_USER']];
  const email = newAddress();
  const invite = (roleId: string | undefined) =>
    post(
      `${WORKSPACE}/members/batch`,
      [{ email, workspace_ids: [workspaceId], workspace_role_id: roleId }],
      headers,
    );
  const first = await client.check('invites to the workspace', invite(viewer), {
    status: 200,
    body: { 0: { email, workspace_role_id: viewer } },
  });
  const { id } = ((first as Record<number, unknown>)[0] ?? {}) as { id?: string };
  if (id) client.removeAfterwards(`${ORG}/members`, `${id}/pending`);
  await client.check('changes the pending role by inviting again', invite(editor), {
    status: 200,
    body: { 0: { id, workspace_role_id: editor } },
  });
  await client.check('shows the role by name', get(`${WORKSPACE}/members/pending?emails=${email}`, headers), {
    status: 200,
    body: { 0: { id, workspace_role_id: editor, workspace_role_name: 'Editor' } },
  });
  await client.check(
    'resends from the workspace',
    post(`${WORKSPACE}/members/${id}/pending/resend`, undefined, headers),
    { status: 200, body: { id } },
  );
  await client.check('resends from the organization', post(`${ORG}/members/${id}/pending/resend`), {
    status: 200,
    body: { id },
  });
}
