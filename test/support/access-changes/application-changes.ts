import type { OrgWithAdmin } from '../fixtures.js';
import { type Grant, grantOf } from '../grants.js';
import { type AccessChanges, type Scene, succeeds, usesOf, workspaceMember } from './access-change.js';

const APPS = '/v1/platform/oauth/authorized-apps';
const REVOCATION = '/api/v1/orgs/current/credentials/revocation';

async function application(scene: Scene) {
  const { replicas, org } = scene;
  const owner = await workspaceMember(scene);
  const grant = await grantOf(replicas.sql, org, owner);
  return { owner, grant, uses: usesOf(grant.api, org.workspaceId) };
}

const byAdmin = ({ admin }: OrgWithAdmin, { id }: Grant) => ({
  change: (url: string) =>
    succeeds(admin.api.at(url).post(REVOCATION, { ids: [id], dry_run: false, expected_count: 1 })),
});

export const REVOCATIONS_OF_APPLICATIONS: AccessChanges = {
  'a person ends the access of an application': async (scene) => {
    const { owner, grant, uses } = await application(scene);
    return { uses, change: (url) => succeeds(owner.api.at(url).delete(`${APPS}/${grant.clientId}`), 204) };
  },
  'an admin ends the access of an application': async (scene) => {
    const { grant, uses } = await application(scene);
    return { uses, ...byAdmin(scene.org, grant) };
  },
};
