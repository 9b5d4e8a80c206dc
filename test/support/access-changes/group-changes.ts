import type { Member } from '../fixtures.js';
import { customRole } from '../invitations.js';
import {
  addTo,
  EDITOR,
  GROUPS,
  groupWith,
  grantTo,
  regrant,
  removeFrom,
  revokeFrom,
} from '../user-groups.js';
import {
  type AccessCase,
  type AccessChanges,
  type Scene,
  succeeds,
  tokenOf,
  using,
  WORKSPACE_MEMBERS,
} from './access-change.js';

type At = { api: Member['api'] };
type Grouped = { member: Member; groupId: string; admin: (url: string) => At };

/** A new member whose own role in the workspace is weak, and a group of theirs that is granted `roleId` there. */
async function grouped(scene: Scene, roleId = EDITOR): Promise<Grouped> {
  const { replicas, org } = scene;
  const member = await replicas.fixtures.member(org, { workspace: await customRole(org, ['runs:read']) });
  const groupId = await groupWith(org, roleId, member);
  return { member, groupId, admin: (url) => ({ api: org.admin.api.at(url) }) };
}

async function caseOf({ member }: Grouped, change: AccessCase['change']): Promise<AccessCase> {
  const { api } = await tokenOf(member);
  return { uses: [member.api, api].map((each) => using(each, WORKSPACE_MEMBERS)), change };
}

export const REVOCATIONS_OF_GROUPS: AccessChanges = {
  'the role of a user group is changed': async (scene) => {
    const { org } = scene;
    const { member, groupId, admin } = await grouped(scene);
    const weaker = await customRole(org, ['runs:read']);
    return {
      uses: [using(member.api, WORKSPACE_MEMBERS)],
      change: (url) => succeeds(regrant(admin(url), groupId, org.workspaceId, weaker)),
    };
  },
  'the role of a user group is removed': async (scene) => {
    const group = await grouped(scene);
    return caseOf(group, (url) =>
      succeeds(revokeFrom(group.admin(url), group.groupId, scene.org.workspaceId), 204),
    );
  },
  'a member is removed from a user group': async (scene) => {
    const group = await grouped(scene);
    return caseOf(group, (url) => succeeds(removeFrom(group.admin(url), group.groupId, group.member), 204));
  },
  'a user group is deleted': async (scene) => {
    const group = await grouped(scene);
    return caseOf(group, (url) => succeeds(group.admin(url).api.delete(`${GROUPS}/${group.groupId}`), 204));
  },
};

export const GRANTS_OF_GROUPS: AccessChanges = {
  'a user group gets a role': async (scene) => {
    const { org } = scene;
    const group = await grouped(scene);
    await succeeds(revokeFrom(org.admin, group.groupId, org.workspaceId), 204);
    return caseOf(group, (url) =>
      succeeds(grantTo(group.admin(url), group.groupId, org.workspaceId, EDITOR), 201),
    );
  },
  'a member is added to a user group': async (scene) => {
    const group = await grouped(scene);
    await succeeds(removeFrom(scene.org.admin, group.groupId, group.member), 204);
    return caseOf(group, (url) => succeeds(addTo(group.admin(url), group.groupId, group.member), 207));
  },
};
