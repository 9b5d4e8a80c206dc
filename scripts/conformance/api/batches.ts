import type { Sequence } from '../area.ts';
import { firstWorkspace, newAddress, newName, ORG, post, rolesOf, WORKSPACE } from './requests.ts';

/** A batch is one transaction; a refusal names every bad row (docs/contract/invitations.md#batches). */
export const BATCHES: Sequence = {
  name: 'batches',
  run: async (client) => {
    const workspace = await firstWorkspace(client);
    const roles = await rolesOf(client);
    const malformed = { email: 'nonsense' };
    await client.check(
      'returns 422 and names every malformed row',
      post(`${ORG}/members/batch`, [
        malformed,
        { email: newAddress() },
        { email: newAddress(), role_id: 'x' },
      ]),
      { status: 422, body: { detail: [{ loc: ['body', 0, 'email'] }, { loc: ['body', 2, 'role_id'] }] } },
    );
    const description = newName();
    const body = { description, workspaces: [workspace.id], role_id: roles['WORKSPACE_ADMIN'] };
    const key = await client.create(`${ORG}/service-keys`, body);
    const asWorkspaceAdmin = { ...workspace.headers, 'x-api-key': String(key['key']) };
    const forbidden = { email: newAddress(), role_id: roles['ORGANIZATION_ADMIN'] };
    await client.check(
      'returns 403 and names malformed and forbidden rows together',
      post(`${WORKSPACE}/members/batch`, [malformed, forbidden], asWorkspaceAdmin),
      {
        status: 403,
        text: (text) => /"body",0,"email"/.test(String(text)) && /"body",1,/.test(String(text)),
      },
    );
  },
};
