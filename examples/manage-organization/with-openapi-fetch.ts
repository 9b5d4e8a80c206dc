import createClient from 'openapi-fetch';
import type { paths } from './generated/openapi-fetch.d.ts';
import { given, type Manage, only, roleNamed } from './story.ts';

/** The story with a client whose types `openapi-typescript` wrote. */
export const manage: Manage = async (server, key, wish) => {
  const api = createClient<paths>({ baseUrl: server, headers: { 'x-api-key': key } });

  const roles = await answer(api.GET('/api/v1/orgs/current/roles'));
  const user = roleNamed(roles, 'organization', 'Organization User');
  const viewerOfOrg = roleNamed(roles, 'organization', 'Organization Viewer');
  const editor = roleNamed(roles, 'workspace', 'Editor');
  const viewer = roleNamed(roles, 'workspace', 'Viewer');

  const made = await answer(api.POST('/api/v1/workspaces', { body: { display_name: wish.workspace } }));
  const inWorkspace = createClient<paths>({
    baseUrl: server,
    headers: { 'x-api-key': key, 'x-tenant-id': made.id },
  });

  const invited = await answer(
    api.POST('/api/v1/orgs/current/members', {
      body: {
        email: wish.newcomer,
        role_id: user.id,
        workspace_ids: [made.id],
        workspace_role_id: editor.id,
      },
    }),
  );

  const query = { emails: [wish.member] };
  const people = await answer(api.GET('/api/v1/orgs/current/members/active', { params: { query } }));
  const person = only(people, wish.member);
  const added = await answer(
    inWorkspace.POST('/api/v1/workspaces/current/members', {
      body: { org_identity_id: person.id, role_id: editor.id },
    }),
  );
  await answer(
    inWorkspace.PATCH('/api/v1/workspaces/current/members/{identity_id}', {
      params: { path: { identity_id: added.id } },
      body: { role_id: viewer.id },
    }),
  );
  await answer(
    api.PATCH('/api/v1/orgs/current/members/{identity_id}', {
      params: { path: { identity_id: person.id } },
      body: { role_id: viewerOfOrg.id },
    }),
  );
  const now = only(
    await answer(inWorkspace.GET('/api/v1/workspaces/current/members/active', { params: { query } })),
    wish.member,
  );

  const service = await answer(
    api.POST('/api/v1/orgs/current/service-keys', {
      body: { description: `reads ${wish.workspace}`, workspaces: [made.id], role_id: viewer.id },
    }),
  );
  const reader = createClient<paths>({ baseUrl: server, headers: { 'x-api-key': service.key } });
  const seen = await answer(reader.GET('/api/v1/workspaces/current/members'));
  const keys = await answer(api.GET('/api/v1/orgs/current/service-keys'));
  const listed = only(
    keys.filter(({ id }) => id === service.id),
    'the key',
  );
  await answer(
    api.DELETE('/api/v1/orgs/current/service-keys/{api_key_id}', {
      params: { path: { api_key_id: listed.id } },
    }),
  );

  return {
    workspaceId: made.id,
    invited: {
      id: invited.id,
      orgRole: given(invited.role_name, 'role_name'),
      workspaceRole: given(
        roles.find(({ id }) => id === invited.workspace_role_id),
        'role',
      ).display_name,
    },
    member: {
      id: person.id,
      orgRoles: [given(person.role_name, 'role_name'), given(now.org_role_name, 'org_role_name')],
      workspaceRoles: [given(added.role_name, 'role_name'), given(now.role_name, 'role_name')],
    },
    key: { id: listed.id, sees: seen.members.map(({ email }) => given(email, 'email')) },
  };
};

type Answer<T> = { data?: T; error?: unknown; response: Response };

async function answer<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (data === undefined) throw new Error(`HTTP ${response.status}: ${JSON.stringify(error)}`);
  return data;
}
