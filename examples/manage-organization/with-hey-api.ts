import { createClient } from './generated/hey-api/client/index.ts';
import * as sdk from './generated/hey-api/sdk.gen.ts';
import { given, type Manage, only, roleNamed } from './story.ts';

/** The story with a client that `@hey-api/openapi-ts` wrote: a function for each operation, named by its id. */
export const manage: Manage = async (server, key, wish) => {
  const client = clientFor(server, { 'x-api-key': key });

  const { data: roles } = await sdk.listOrganizationRolesApiV1OrgsCurrentRolesGet({ client, ...THROWING });
  const user = roleNamed(roles, 'organization', 'Organization User');
  const viewerOfOrg = roleNamed(roles, 'organization', 'Organization Viewer');
  const editor = roleNamed(roles, 'workspace', 'Editor');
  const viewer = roleNamed(roles, 'workspace', 'Viewer');

  const { data: made } = await sdk.createWorkspaceApiV1WorkspacesPost({
    client,
    body: { display_name: wish.workspace },
    ...THROWING,
  });
  const inWorkspace = clientFor(server, { 'x-api-key': key, 'x-tenant-id': made.id });

  const { data: invited } = await sdk.addMemberToCurrentOrgApiV1OrgsCurrentMembersPost({
    client,
    body: {
      email: wish.newcomer,
      role_id: user.id,
      workspace_ids: [made.id],
      workspace_role_id: editor.id,
    },
    ...THROWING,
  });

  const query = { emails: [wish.member] };
  const { data: people } = await sdk.getCurrentActiveOrgMembersApiV1OrgsCurrentMembersActiveGet({
    client,
    query,
    ...THROWING,
  });
  const person = only(people, wish.member);
  const { data: added } = await sdk.addMemberToCurrentWorkspaceApiV1WorkspacesCurrentMembersPost({
    client: inWorkspace,
    body: { org_identity_id: person.id, role_id: editor.id },
    ...THROWING,
  });
  await sdk.patchCurrentWorkspaceMemberApiV1WorkspacesCurrentMembersIdentityIdPatch({
    client: inWorkspace,
    path: { identity_id: added.id },
    body: { role_id: viewer.id },
    ...THROWING,
  });
  await sdk.updateCurrentOrgMemberApiV1OrgsCurrentMembersIdentityIdPatch({
    client,
    path: { identity_id: person.id },
    body: { role_id: viewerOfOrg.id },
    ...THROWING,
  });
  const { data: there } = await sdk.getCurrentActiveWorkspaceMembersApiV1WorkspacesCurrentMembersActiveGet({
    client: inWorkspace,
    query,
    ...THROWING,
  });
  const now = only(there, wish.member);

  const { data: service } = await sdk.createOrgServiceKeyApiV1OrgsCurrentServiceKeysPost({
    client,
    body: { description: `reads ${wish.workspace}`, workspaces: [made.id], role_id: viewer.id },
    ...THROWING,
  });
  const reader = clientFor(server, { 'x-api-key': service.key });
  const { data: seen } = await sdk.getCurrentWorkspaceMembersApiV1WorkspacesCurrentMembersGet({
    client: reader,
    ...THROWING,
  });
  const { data: keys } = await sdk.listOrgServiceKeysApiV1OrgsCurrentServiceKeysGet({ client, ...THROWING });
  const listed = only(
    keys.filter(({ id }) => id === service.id),
    'the key',
  );
  await sdk.deleteOrgServiceKeyApiV1OrgsCurrentServiceKeysApiKeyIdDelete({
    client,
    path: { api_key_id: listed.id },
    ...THROWING,
  });

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

const THROWING = { throwOnError: true } as const;

const clientFor = (baseUrl: string, headers: Record<string, string>) => createClient({ baseUrl, headers });
