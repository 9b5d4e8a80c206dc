import { setTimeout as pause } from 'node:timers/promises';
import type { Api } from '../api.js';
import { role } from '../fixtures.js';
import { customRole } from '../invitations.js';
import {
  type AccessCase,
  type AccessChanges,
  type Scene,
  succeeds,
  tokenOf,
  tokenPath,
  type Use,
  using,
  usesOf,
  WORKSPACE_MEMBERS,
  workspaceMember,
} from './access-change.js';

const SCIM_TOKENS = '/v1/platform/orgs/current/scim/tokens';
const REVOCATION = '/api/v1/orgs/current/credentials/revocation';
const SERVICE_KEYS = '/api/v1/orgs/current/service-keys';
type ServiceKey = { id: string; key: string };

/** With a role in the workspace. */
const serviceKey = ({ org }: Scene, roleId = role('WORKSPACE_USER')): Promise<ServiceKey> =>
  succeeds(org.admin.api.post(SERVICE_KEYS, { workspaces: [org.workspaceId], role_id: roleId }));

/** For the whole organization. */
const organizationKey = ({ org }: Scene): Promise<ServiceKey> =>
  succeeds(org.admin.api.post(SERVICE_KEYS, { org_role_id: role('ORGANIZATION_ADMIN') }));

const clientOf = ({ org }: Scene, { key }: ServiceKey): Api => org.admin.api.as({ key, token: '' });

const usesOfKey = (scene: Scene, key: ServiceKey): Use[] =>
  usesOf(clientOf(scene, key), scene.org.workspaceId);

/** By the clock of the database, which is that of this machine. */
async function expiring(
  { replicas }: Scene,
  table: 'api_keys' | 'sessions',
  condition: string,
  { id, lifetimeMs }: { id: string; lifetimeMs: number },
): Promise<Pick<AccessCase, 'change' | 'endsAt'>> {
  const [row] = await replicas.sql<{ expires_at: Date }>(
    `update ${table} set expires_at = now() + $2 * interval '1 millisecond' where ${condition} = $1 returning expires_at`,
    [id, lifetimeMs],
  );
  const endsAt = row?.expires_at.getTime() ?? 0;
  const change = async () => {
    while (Date.now() <= endsAt + 1) await pause(1);
  };
  return { change, endsAt };
}

export const REVOCATIONS_OF_KEYS: AccessChanges = {
  'a personal access token is deleted': async (scene) => {
    const owner = await workspaceMember(scene);
    const token = await tokenOf(owner);
    return {
      uses: usesOf(token.api, scene.org.workspaceId),
      change: (url) => succeeds(owner.api.at(url).delete(tokenPath(token))),
    };
  },
  'a personal access token is revoked': async (scene) => {
    const owner = await workspaceMember(scene);
    const token = await tokenOf(owner);
    return {
      uses: usesOf(token.api, scene.org.workspaceId),
      change: (url) => succeeds(owner.api.at(url).post(`${tokenPath(token)}/revocation`)),
    };
  },
  'a personal access token is revoked with others': async (scene) => {
    const owner = await workspaceMember(scene);
    const token = await tokenOf(owner);
    const body = { filter: { owner: owner.userId }, dry_run: false, expected_count: 1 };
    return {
      uses: usesOf(token.api, scene.org.workspaceId),
      change: (url) => succeeds(scene.org.admin.api.at(url).post(REVOCATION, body)),
    };
  },
  'a service key ends with the token with which it was created': async (scene) => {
    const { org } = scene;
    const token = await tokenOf(org.admin);
    const key: ServiceKey = await succeeds(
      token.api.post(SERVICE_KEYS, { org_role_id: role('ORGANIZATION_ADMIN') }),
    );
    return {
      uses: usesOfKey(scene, key),
      change: (url) =>
        succeeds(org.admin.api.at(url).post(`${tokenPath(token)}/revocation?revoke_created=true`)),
    };
  },
  'a personal access token expires': async (scene, lifetimeMs) => {
    const token = await tokenOf(await workspaceMember(scene));
    const end = await expiring(scene, 'api_keys', 'id', { id: token.id, lifetimeMs });
    return { uses: usesOf(token.api, scene.org.workspaceId), ...end };
  },
  'a personal access token is rotated': async (scene) => {
    const owner = await workspaceMember(scene);
    const token = await tokenOf(owner);
    return {
      uses: usesOf(token.api, scene.org.workspaceId),
      change: (url) => succeeds(owner.api.at(url).post(`${tokenPath(token)}/rotate`)),
    };
  },
  'the secret before the last one ends with the next rotation of a service key': async (scene) => {
    const key = await organizationKey(scene);
    const rotation = [`${SERVICE_KEYS}/${key.id}/rotate`, { overlap_hours: 1 }] as const;
    await succeeds(scene.org.admin.api.post(...rotation));
    return {
      uses: usesOfKey(scene, key),
      change: (url) => succeeds(scene.org.admin.api.at(url).post(...rotation)),
    };
  },
  'a service key is deleted': async (scene) => {
    const key = await organizationKey(scene);
    return {
      uses: usesOfKey(scene, key),
      change: (url) => succeeds(scene.org.admin.api.at(url).delete(`${SERVICE_KEYS}/${key.id}`)),
    };
  },
  'a service key expires': async (scene, lifetimeMs) => {
    const key = await organizationKey(scene);
    const end = await expiring(scene, 'api_keys', 'id', { id: key.id, lifetimeMs });
    return { uses: usesOfKey(scene, key), ...end };
  },
  'the role of a service key is changed': async (scene) => {
    const key = await serviceKey(scene);
    const role_id = await customRole(scene.org, ['runs:read']);
    return {
      uses: [using(clientOf(scene, key), WORKSPACE_MEMBERS)],
      change: (url) => succeeds(scene.org.admin.api.at(url).patch(`${SERVICE_KEYS}/${key.id}`, { role_id })),
    };
  },
  'a SCIM token is deleted': async ({ replicas, org }) => {
    const { id, token } = await succeeds(org.admin.api.post(SCIM_TOKENS, {}), 201);
    const client = replicas.api.as({ token });
    return {
      uses: [using(client, '/scim/v2/Users?count=1'), using(client, '/scim/v2/Groups?count=1')],
      change: (url) => succeeds(org.admin.api.at(url).delete(`${SCIM_TOKENS}/${id}`), 204),
    };
  },
  'a SCIM token is rotated': async ({ replicas, org }) => {
    const { id, token } = await succeeds(org.admin.api.post(SCIM_TOKENS, {}), 201);
    const client = replicas.api.as({ token });
    return {
      uses: [using(client, '/scim/v2/Users?count=1'), using(client, '/scim/v2/Groups?count=1')],
      change: (url) => succeeds(org.admin.api.at(url).post(`${SCIM_TOKENS}/${id}/rotate`)),
    };
  },
  'a session expires': async (scene, lifetimeMs) => {
    const member = await workspaceMember(scene);
    const end = await expiring(scene, 'sessions', 'user_id', { id: member.userId, lifetimeMs });
    return { uses: usesOf(member.api, scene.org.workspaceId), ...end };
  },
};

export const GRANTS_OF_KEYS: AccessChanges = {
  'a personal access token is reinstated': async (scene) => {
    const owner = await workspaceMember(scene);
    const token = await tokenOf(owner);
    await succeeds(owner.api.post(`${tokenPath(token)}/revocation`));
    return {
      uses: usesOf(token.api, scene.org.workspaceId),
      change: (url) => succeeds(owner.api.at(url).delete(`${tokenPath(token)}/revocation`), 204),
    };
  },
  'a service key gets another role': async (scene) => {
    const key = await serviceKey(scene, await customRole(scene.org, ['runs:read']));
    const role_id = role('WORKSPACE_VIEWER');
    return {
      uses: [using(clientOf(scene, key), WORKSPACE_MEMBERS)],
      change: (url) => succeeds(scene.org.admin.api.at(url).patch(`${SERVICE_KEYS}/${key.id}`, { role_id })),
    };
  },
};
