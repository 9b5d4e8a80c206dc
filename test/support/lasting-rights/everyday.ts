import { ORG_MEMBERS } from '../invitations.js';
import { GROUP, Scim, userOf } from '../scim.js';
import { addTo, groupWith } from '../user-groups.js';
import { KEYS, TOKENS } from './steps.js';
import { ADMIN, IN_WORKSPACE, LEAD, ok, USER, VIEWER, type World } from './world.js';

const PAT = '/api/v1/api-key/current';
const REQUESTS = '/api/v1/orgs/current/access-requests';

/** What always succeeds, with people of its own. */
export const EVERYDAY: Readonly<Record<string, (world: World) => Promise<void>>> = {
  'everyday: a permanent admin gives rank with credentials that expire': async ({ t, org, until, inOrg }) => {
    const admin = inOrg(org.admin.api);
    const rank = () => ({ email: t.fixtures.email(), role_id: ADMIN });
    const asKey = (key: string) => t.api.as({ key, orgId: org.orgId });
    const term = { description: 'x', expires_at: until };
    const key = await ok(admin.post(KEYS, { ...term, role_id: LEAD, org_role_id: ADMIN }));
    await ok(asKey(key.body.key).post(ORG_MEMBERS, rank()));
    const token = await ok(admin.post(PAT, term));
    await ok(asKey(token.body.key).post(ORG_MEMBERS, rank()));
    const { body } = await ok(admin.post(TOKENS, { expires_at: until }));
    const scim = new Scim(t.url, body.token);
    const user = await ok(scim.post('/Users', userOf(t.fixtures.email())));
    const displayName = `${user.body.id}:Organization Admins`;
    await ok(scim.post('/Groups', { schemas: [GROUP], displayName, members: [{ value: user.body.id }] }));
  },
  'everyday: a member until then has a token, is given and accepts': async (world) => {
    const { t, org, until, inOrg } = world;
    const admin = inOrg(org.admin.api);
    const member = await world.join('ORGANIZATION_USER');
    const path = `${ORG_MEMBERS}/${member.membershipId}`;
    await ok(admin.patch(path, { access_expires_at: until }));
    await ok(inOrg(member.api).post(PAT, { description: 'x' }));
    await ok(admin.patch(`/api/v1/workspaces/${org.workspaceId}`, { requestable: true }));
    const asked = { workspace_id: org.workspaceId, reason: 'On call' };
    const { body } = await ok(inOrg(member.api).post(REQUESTS, asked));
    await ok(admin.post(`${REQUESTS}/${body.id}/approval`, {}));
    await ok(admin.delete(path));
    await ok(admin.post(ORG_MEMBERS, { email: member.email, role_id: ADMIN }));
    const again = await t.fixtures.signIn(member);
    await ok(again.post(`/api/v1/orgs/pending/${org.orgId}/claim`));
  },
  'everyday: a temporary admin invites ordinary people': async ({ t, org, until, inOrg }) => {
    const member = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    const end = { access_expires_at: until };
    await ok(inOrg(org.admin.api).patch(`${ORG_MEMBERS}/${member.membershipId}`, end));
    const place = { workspace_ids: [org.workspaceId], workspace_role_id: VIEWER };
    await ok(inOrg(member.api).post(ORG_MEMBERS, { email: t.fixtures.email(), role_id: USER, ...place }));
    await ok(inOrg(member.api).post(ORG_MEMBERS, { email: t.fixtures.email(), role_id: ADMIN, ...end }));
  },
  'everyday: an Organization Admin until then makes Admins for good where a group does': async (world) => {
    const { t, org, until, inOrg } = world;
    const member = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN', workspace: 'WORKSPACE_VIEWER' });
    const end = { access_expires_at: until, reverts_to_role_id: USER };
    await ok(inOrg(org.admin.api).patch(`${ORG_MEMBERS}/${member.membershipId}`, end));
    await ok(addTo({ api: inOrg(org.admin.api) }, await groupWith(org, LEAD), member));
    const somebody = await t.fixtures.member(org, {});
    await ok(member.api.post(IN_WORKSPACE, { user_id: somebody.userId, role_id: LEAD }));
  },
};
