import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { WORKSPACE_MEMBERS, WORKSPACES } from '../access-changes/access-change.js';
import type { Api, Reply } from '../api.js';
import { type Member, role } from '../fixtures.js';
import { ORG_MEMBERS } from '../invitations.js';
import { Scim } from '../scim.js';
import { addTo, grantTo, regrant, removeFrom, revokeFrom } from '../user-groups.js';
import type { Credential, World } from './world.js';

const TOKENS = '/api/v1/orgs/current/personal-access-tokens';
const SERVICE_KEYS = '/api/v1/orgs/current/service-keys';
/** After a change by SQL, a replica may respond as before for so long (docs/contract/installation.md#caching). */
const SQL_MS = 110;

/** Numbers that select what a step is about. */
export type Choice = {
  name: string;
  writer: number;
  member: number;
  workspace: number;
  role: number;
  other: number;
};

/** A step with what was selected; requests go to the replica that was chosen. */
type Turn = {
  world: World;
  url: string;
  admin: Member;
  member: Member;
  /** Of the member, or a random id if they have left. */
  membershipId: string;
  workspaceId: string;
  roleId: string;
  groupId: string;
  /** One of the newest keys. */
  key: Credential | null;
  isOdd: boolean;
};
/** Null if the step does not apply to what was selected. */
type Step = (turn: Turn) => Promise<{ status: number } | null>;

const ORG_ROLES = ['ORGANIZATION_ADMIN', 'ORGANIZATION_OPERATOR', 'ORGANIZATION_USER'] as const;
const PERMISSIONS = [['workspaces:read'], ['runs:read'], ['workspaces:read', 'workspaces:manage-members']];

const pick = <T>(values: readonly T[], index: number): T => {
  const value = values[index % values.length];
  if (value === undefined) throw new Error('there is nothing to select from');
  return value;
};

const bySql =
  (text: string, idOf: (turn: Turn) => string): Step =>
  async (turn) => {
    const changed = await turn.world.replicas.sql(`${text} returning id`, [idOf(turn)]);
    if (changed.length === 0) return null;
    await pause(SQL_MS);
    return { status: 200 };
  };

const onWorkspaceMembership =
  (send: (api: Api, path: string, turn: Turn) => Promise<Reply>): Step =>
  async (turn) => {
    const [row] = await turn.world.replicas.sql<{ id: string }>(
      'select id from workspace_memberships where workspace_id = $1 and user_id = $2',
      [turn.workspaceId, turn.member.userId],
    );
    const api = turn.admin.api.as({ workspaceId: turn.workspaceId });
    return send(api, `${WORKSPACE_MEMBERS}/${row?.id ?? randomUUID()}`, turn);
  };

const onScimUser =
  (send: (scim: Scim, path: string) => Promise<Reply>): Step =>
  async ({ world, url, member }) => {
    const id = world.scim.users.get(member.userId);
    return id ? send(new Scim(url, world.scim.token), `/Users/${id}`) : null;
  };

const onToken =
  (send: (api: Api, path: string) => Promise<Reply>): Step =>
  async ({ url, key, world }) =>
    key?.owner ? send(world.sessionOf(key.owner).at(url), `${TOKENS}/${key.id}`) : null;

const active = (value: boolean) => [{ op: 'replace', value: { active: value } }];

/** Each may be refused, and then changes nothing. */
const STEPS: Record<string, Step> = {
  'add to workspace': ({ admin, membershipId, workspaceId, roleId }) =>
    admin.api.as({ workspaceId }).post(WORKSPACE_MEMBERS, { org_identity_id: membershipId, role_id: roleId }),
  'change workspace role': onWorkspaceMembership((api, path, { roleId }) =>
    api.patch(path, { role_id: roleId }),
  ),
  'remove from workspace': onWorkspaceMembership((api, path) => api.delete(path)),
  'change organization role': ({ admin, membershipId, roleId, world }) =>
    admin.api.patch(`${ORG_MEMBERS}/${membershipId}`, {
      role_id: role(pick(ORG_ROLES, world.targets.roles.indexOf(roleId))),
    }),
  'remove from organization': ({ admin, membershipId }) => admin.api.delete(`${ORG_MEMBERS}/${membershipId}`),
  'join organization': async ({ admin, member, url, world, workspaceId, roleId }) => {
    const place = { workspace_ids: [workspaceId], workspace_role_id: roleId };
    await admin.api.post(ORG_MEMBERS, { email: member.email, ...place });
    return world.sessionOf(member).at(url).post(`/api/v1/orgs/pending/${world.org.orgId}/claim`);
  },
  'disable by SCIM': onScimUser((scim, path) => scim.patch(path, active(false))),
  'enable by SCIM': onScimUser((scim, path) => scim.patch(path, active(true))),
  'edit custom role': ({ admin, world, isOdd, workspaceId }) =>
    admin.api.patch(`/api/v1/orgs/current/roles/${world.targets.roles[isOdd ? 2 : 3]}`, {
      display_name: `Role ${randomUUID()}`,
      description: '',
      permissions: pick(PERMISSIONS, world.targets.workspaces.indexOf(workspaceId)),
    }),
  'add to group': ({ admin, groupId, membershipId }) => addTo(admin, groupId, { membershipId }),
  'remove from group': ({ admin, groupId, membershipId }) => removeFrom(admin, groupId, { membershipId }),
  'grant to group': ({ admin, groupId, workspaceId, roleId }) => grantTo(admin, groupId, workspaceId, roleId),
  'change grant': ({ admin, groupId, workspaceId, roleId }) => regrant(admin, groupId, workspaceId, roleId),
  'revoke grant': ({ admin, groupId, workspaceId }) => revokeFrom(admin, groupId, workspaceId),
  'create token': async ({ member, url, world }) => {
    const reply = await world.sessionOf(member).at(url).post(TOKENS, {});
    return world.addKey(reply, member);
  },
  'create service key': async ({ admin, world, workspaceId, roleId, isOdd }) => {
    const wish = isOdd
      ? { org_role_id: role('ORGANIZATION_VIEWER') }
      : { workspaces: [workspaceId], role_id: roleId };
    return world.addKey(await admin.api.post(SERVICE_KEYS, wish), null);
  },
  'change service key': ({ admin, key, roleId }) =>
    admin.api.patch(`${SERVICE_KEYS}/${key?.id ?? randomUUID()}`, { role_id: roleId }),
  'delete service key': ({ admin, key }) => admin.api.delete(`${SERVICE_KEYS}/${key?.id ?? randomUUID()}`),
  'delete token': onToken((api, path) => api.delete(path)),
  'revoke token': onToken((api, path) => api.post(`${path}/revocation`)),
  'reinstate token': onToken((api, path) => api.delete(`${path}/revocation`)),
  'log in': async ({ member, url, world }) => {
    const { email, password } = member;
    return world.addSession(
      await world.replicas.api.at(url).post('/api/v1/login', { email, password }),
      member,
    );
  },
  'sign out everywhere': ({ member, url, world }) =>
    world.sessionOf(member).at(url).delete('/api/v1/me/sessions'),
  'rename workspace': ({ admin, workspaceId }) =>
    admin.api.patch(`${WORKSPACES}/${workspaceId}`, { display_name: `Workspace ${randomUUID()}` }),
  'rename organization': ({ admin }) =>
    admin.api.patch('/api/v1/orgs/current/info', { display_name: `Organization ${randomUUID()}` }),
  'SQL: toggle organization': bySql(
    'update organizations set is_disabled = not is_disabled where id = $1',
    ({ world }) => world.org.orgId,
  ),
  'SQL: toggle sso_only': bySql(
    'update organizations set sso_only = not sso_only where id = $1',
    ({ world }) => world.org.orgId,
  ),
  'SQL: toggle member': bySql(
    'update org_memberships set is_disabled = not is_disabled where id = $1',
    ({ membershipId }) => membershipId,
  ),
  'SQL: change e-mail': bySql(
    `update users set email = 'new-' || gen_random_uuid() || '@example.com' where id = $1`,
    ({ member }) => member.userId,
  ),
  'SQL: let key expire': bySql(
    `update api_keys set expires_at = now() + interval '30 milliseconds' where id = $1`,
    ({ key }) => key?.id ?? randomUUID(),
  ),
  'SQL: delete key': bySql('delete from api_keys where id = $1', ({ key }) => key?.id ?? randomUUID()),
  'SQL: delete workspace memberships': bySql(
    'delete from workspace_memberships where user_id = $1',
    ({ member }) => member.userId,
  ),
  'SQL: edit custom role': bySql(
    `update roles set permissions = case when permissions = '{runs:read}' then '{workspaces:read}'::text[]
       else '{runs:read}' end where id = $1`,
    ({ world, isOdd }) => world.targets.roles[isOdd ? 2 : 3] ?? '',
  ),
};

export const STEP_NAMES = Object.keys(STEPS);

/** Returns whether it was accepted. */
export async function takeStep(world: World, choice: Choice): Promise<boolean> {
  await enableOrganization(world);
  const url = pick(world.replicas.urls, choice.writer);
  const member = pick(world.members, choice.member);
  const [row] = await world.replicas.sql<{ email: string; membershipId: string | null }>(
    `select u.email, m.id as "membershipId" from users u
     left join org_memberships m on m.user_id = u.id and m.org_id = $1 where u.id = $2`,
    [world.org.orgId, member.userId],
  );
  const { admin } = world.org;
  const keys = world.credentials.filter(({ id }) => id !== null).slice(-5);
  const reply = await STEPS[choice.name]?.({
    ...{ world, url, admin: { ...admin, api: admin.api.at(url) } },
    member: { ...member, email: row?.email ?? '' },
    membershipId: row?.membershipId ?? randomUUID(),
    workspaceId: pick(world.targets.workspaces, choice.workspace),
    roleId: pick(world.targets.roles, choice.role),
    groupId: pick(world.targets.groups, choice.other),
    key: keys.length === 0 ? null : pick(keys, choice.other),
    isOdd: choice.other % 2 === 1,
  });
  return !!reply && reply.status < 300;
}

/** So that a step that disables it is followed by steps that have an effect. */
async function enableOrganization({ replicas, org: { orgId } }: World): Promise<void> {
  const changed = await replicas.sql(
    `update organizations set is_disabled = false, sso_only = false
     where id = $1 and (is_disabled or sso_only) returning id`,
    [orgId],
  );
  if (changed.length > 0) await pause(SQL_MS);
}
