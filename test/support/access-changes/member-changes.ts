import { randomUUID } from 'node:crypto';
import { role } from '../fixtures.js';
import { anotherWorkspace, customRole, ORG_MEMBERS } from '../invitations.js';
import { Scim, scimOf, userOf } from '../scim.js';
import {
  type AccessChanges,
  AUDIT_OPERATIONS,
  INFO,
  type Scene,
  seesWorkspace,
  succeeds,
  tokenOf,
  using,
  usesOf,
  usesOfMember,
  WORKSPACE_MEMBERS,
  WORKSPACES,
  workspaceMember,
  workspaceMembershipOf,
} from './access-change.js';

const ROLES = '/api/v1/orgs/current/roles';
const REQUESTS = '/api/v1/orgs/current/access-requests';

const roleWith = (permissions: string[]) => ({
  display_name: `Role ${randomUUID()}`,
  description: '',
  permissions,
});

/** A new member who is a SCIM user. */
async function scimMember(scene: Scene) {
  const { org } = scene;
  const member = await workspaceMember(scene);
  const { token } = await scimOf(org.admin.api);
  const at = (url: string) => new Scim(url, token);
  const { id } = await succeeds(at(scene.replicas.url).post('/Users', userOf(member.email)), 201);
  return { member, path: `/Users/${id}`, at };
}

const active = (value: boolean) => [{ op: 'replace', value: { active: value } }];

export const REVOCATIONS_OF_MEMBERS: AccessChanges = {
  'a member is removed from the organization': async (scene) => {
    const member = await workspaceMember(scene);
    return {
      uses: await usesOfMember(scene, member),
      change: (url) => succeeds(scene.org.admin.api.at(url).delete(`${ORG_MEMBERS}/${member.membershipId}`)),
    };
  },
  'a member is removed from the workspace': async (scene) => {
    const { org } = scene;
    const member = await workspaceMember(scene);
    const { api } = await tokenOf(member);
    const id = await workspaceMembershipOf(scene, member);
    return {
      uses: [member.api, api].flatMap((each) => [
        using(each, WORKSPACE_MEMBERS),
        seesWorkspace(each, org.workspaceId),
      ]),
      change: (url) => succeeds(org.admin.api.at(url).delete(`${WORKSPACE_MEMBERS}/${id}`)),
    };
  },
  'a workspace is deleted': async ({ replicas, org }) => {
    const workspaceId = await anotherWorkspace(org);
    const member = await replicas.fixtures.member({ ...org, workspaceId }, { workspace: 'WORKSPACE_USER' });
    return {
      uses: [
        using(member.api, WORKSPACE_MEMBERS),
        seesWorkspace(member.api.as({ workspaceId: '' }), workspaceId),
      ],
      change: (url) => succeeds(org.admin.api.at(url).delete(`${WORKSPACES}/${workspaceId}`)),
    };
  },
  'a member is disabled by a SCIM PATCH': async (scene) => {
    const { member, path, at } = await scimMember(scene);
    const uses = await usesOfMember(scene, member);
    return { uses, change: (url) => succeeds(at(url).patch(path, active(false))) };
  },
  'a member is deleted by SCIM': async (scene) => {
    const { member, path, at } = await scimMember(scene);
    const uses = await usesOfMember(scene, member);
    return { uses, change: (url) => succeeds(at(url).delete(path), 204) };
  },
  'an organization admin is demoted': async ({ replicas, org }) => {
    const member = await replicas.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    const { api } = await tokenOf(member);
    const body = { role_id: role('ORGANIZATION_USER') };
    return {
      uses: [member.api, api].map((each) => using(each, AUDIT_OPERATIONS)),
      change: (url) => succeeds(org.admin.api.at(url).patch(`${ORG_MEMBERS}/${member.membershipId}`, body)),
    };
  },
  'a member gets a weaker role in the workspace': async (scene) => {
    const { org } = scene;
    const member = await workspaceMember(scene);
    const role_id = await customRole(org, ['runs:read']);
    const id = await workspaceMembershipOf(scene, member);
    return {
      uses: [using(member.api, WORKSPACE_MEMBERS)],
      change: (url) => succeeds(org.admin.api.at(url).patch(`${WORKSPACE_MEMBERS}/${id}`, { role_id })),
    };
  },
  'a permission is removed from a custom role': async (scene) => {
    const roleId = await customRole(scene.org, ['workspaces:read']);
    const member = await workspaceMember(scene, roleId);
    return {
      uses: [using(member.api, WORKSPACE_MEMBERS), using((await tokenOf(member)).api, WORKSPACE_MEMBERS)],
      change: (url) =>
        succeeds(scene.org.admin.api.at(url).patch(`${ROLES}/${roleId}`, roleWith(['runs:read']))),
    };
  },
};

export const GRANTS_OF_MEMBERS: AccessChanges = {
  'a user becomes a member of the organization': async ({ replicas, org }) => {
    const { api, email } = await replicas.fixtures.userWithoutOrg();
    await succeeds(org.admin.api.post(ORG_MEMBERS, { email }));
    return {
      uses: [using(api.as({ orgId: org.orgId }), INFO)],
      change: (url) => succeeds(api.at(url).post(`/api/v1/orgs/pending/${org.orgId}/claim`)),
    };
  },
  'a member is added to the workspace': async ({ replicas, org }) => {
    const member = await replicas.fixtures.member(org, {});
    const { api } = await tokenOf(member);
    const body = { org_identity_id: member.membershipId, role_id: role('WORKSPACE_USER') };
    return {
      uses: [member.api, api].flatMap((each) => [
        using(each, WORKSPACE_MEMBERS),
        seesWorkspace(each, org.workspaceId),
      ]),
      change: (url) => succeeds(org.admin.api.at(url).post(WORKSPACE_MEMBERS, body)),
    };
  },
  'an access request is approved': async ({ replicas, org }) => {
    const member = await replicas.fixtures.member(org, {});
    await succeeds(org.admin.api.patch(`/api/v1/workspaces/${org.workspaceId}`, { requestable: true }));
    const body = { workspace_id: org.workspaceId, role_id: role('WORKSPACE_USER'), reason: 'On call' };
    const { id } = await succeeds(member.api.as({ workspaceId: '' }).post(REQUESTS, body), 201);
    return {
      uses: [using(member.api, WORKSPACE_MEMBERS), seesWorkspace(member.api, org.workspaceId)],
      change: (url) => succeeds(org.admin.api.at(url).post(`${REQUESTS}/${id}/approval`)),
    };
  },
  'a disabled member is enabled by a SCIM PATCH': async (scene) => {
    const { member, path, at } = await scimMember(scene);
    const { api } = await tokenOf(member); // sessions end with the disabling
    await succeeds(at(scene.replicas.url).patch(path, active(false)));
    const uses = usesOf(api, scene.org.workspaceId);
    return { uses, change: (url) => succeeds(at(url).patch(path, active(true))) };
  },
  'a member becomes an organization admin': async ({ replicas, org }) => {
    const member = await replicas.fixtures.member(org, {});
    const body = { role_id: role('ORGANIZATION_ADMIN') };
    return {
      uses: [using(member.api, AUDIT_OPERATIONS), using((await tokenOf(member)).api, AUDIT_OPERATIONS)],
      change: (url) => succeeds(org.admin.api.at(url).patch(`${ORG_MEMBERS}/${member.membershipId}`, body)),
    };
  },
  'a permission is added to a custom role': async (scene) => {
    const roleId = await customRole(scene.org, ['runs:read']);
    const member = await workspaceMember(scene, roleId);
    return {
      uses: [using(member.api, WORKSPACE_MEMBERS), using((await tokenOf(member)).api, WORKSPACE_MEMBERS)],
      change: (url) =>
        succeeds(scene.org.admin.api.at(url).patch(`${ROLES}/${roleId}`, roleWith(['workspaces:read']))),
    };
  },
};
