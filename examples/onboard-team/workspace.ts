import { type Api, createTenantry, dataOf } from '@tenantry/client';

/** A workspace; requests by `api` act in it. */
export type Workspace = { id: string; api: Api };

/** Logs in with a password; the workspace may be in any organization of the user. */
export async function openWorkspace(
  server: string,
  who: { email: string; password: string },
  name: string,
): Promise<Workspace> {
  const basic = Buffer.from(`${who.email}:${who.password}`).toString('base64');
  const login = createTenantry({ server }).POST('/api/v1/login', {
    headers: { authorization: `Basic ${basic}` },
  });
  const { access_token: accessToken } = await dataOf(login);
  const signedIn = createTenantry({ server, accessToken });
  const mine = await dataOf(signedIn.GET('/api/v1/tenants', { params: { query: { skip_create: true } } }));
  const [workspace, another] = mine.filter(({ display_name }) => display_name === name);
  if (!workspace || another) {
    const names = mine.map(({ display_name }) => display_name).join(', ') || 'none';
    throw new Error(`${another ? 'More than one' : 'No'} workspace is called "${name}"; yours are: ${names}`);
  }
  const { id, organization_id: organizationId } = workspace;
  return { id, api: createTenantry({ server, accessToken, organizationId, workspaceId: id }) };
}
