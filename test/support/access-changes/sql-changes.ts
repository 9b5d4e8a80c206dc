import { type Member, role } from '../fixtures.js';
import { customRole } from '../invitations.js';
import { EDITOR, groupWith } from '../user-groups.js';
import {
  type AccessCase,
  type AccessChanges,
  AUDIT_OPERATIONS,
  INFO,
  type PrepareAccessCase,
  type Scene,
  tokenOf,
  using,
  usesOfMember,
  WORKSPACE_MEMBERS,
  workspaceMember,
} from './access-change.js';

const run =
  ({ replicas }: Scene, text: string, id: string): AccessCase['change'] =>
  () =>
    replicas.sql(text, [id]);

/** $1: the id of a personal access token. */
const onToken =
  (text: string): PrepareAccessCase =>
  async (scene) => {
    const { id, api } = await tokenOf(await workspaceMember(scene));
    return { uses: [using(api, INFO), using(api, WORKSPACE_MEMBERS)], change: run(scene, text, id) };
  };

/** $1: the id of a member, who loses everything. */
const onMember =
  (text: string): PrepareAccessCase =>
  async (scene) => {
    const member = await workspaceMember(scene);
    return {
      uses: await usesOfMember(scene, member),
      change: run(scene, text, member.userId),
    };
  };

/** $1: the id of a member, who loses the workspace. */
const onWorkspaceMember =
  (text: string, create: (scene: Scene) => Promise<Member> = workspaceMember): PrepareAccessCase =>
  async (scene) => {
    const { api, userId } = await create(scene);
    return { uses: [using(api, WORKSPACE_MEMBERS)], change: run(scene, text, userId) };
  };

/** $1: the id of the user whose sessions end. */
const onSession =
  (text: string): PrepareAccessCase =>
  async (scene) => {
    const { api, userId } = await workspaceMember(scene);
    return { uses: [using(api, INFO), using(api, WORKSPACE_MEMBERS)], change: run(scene, text, userId) };
  };

/** $1: the id of an organization for this case alone. */
const onOrganization =
  (text: string): PrepareAccessCase =>
  async ({ replicas }) => {
    const scene = { replicas, org: await replicas.fixtures.orgWithAdmin() };
    const { api } = await workspaceMember(scene);
    const uses = [api, scene.org.admin.api].map((each) => using(each, INFO));
    return { uses, change: run(scene, text, scene.org.orgId) };
  };

/** A member whose own role in the workspace is weaker than that of a user group. */
async function groupMember({ replicas, org }: Scene): Promise<Member> {
  const member = await replicas.fixtures.member(org, { workspace: await customRole(org, ['runs:read']) });
  await groupWith(org, EDITOR, member);
  return member;
}

/** Made by another program: no server takes part. */
export const REVOCATIONS_BY_SQL: AccessChanges = {
  'delete from api_keys': onToken('delete from api_keys where id = $1'),
  'update api_keys set expires_at': onToken('update api_keys set expires_at = now() where id = $1'),
  'update api_keys set revoked_at': onToken('update api_keys set revoked_at = now() where id = $1'),
  'delete from sessions': onSession('delete from sessions where user_id = $1'),
  'update sessions set expires_at': onSession('update sessions set expires_at = now() where user_id = $1'),
  'delete from org_memberships': onMember('delete from org_memberships where user_id = $1'),
  'update org_memberships set is_disabled': onMember(
    'update org_memberships set is_disabled = true where user_id = $1',
  ),
  'delete from workspace_memberships': onWorkspaceMember(
    'delete from workspace_memberships where user_id = $1',
  ),
  'delete from user_group_members': onWorkspaceMember(
    'delete from user_group_members where user_id = $1',
    groupMember,
  ),
  'delete from user_groups': onWorkspaceMember(
    'delete from user_groups where id in (select user_group_id from user_group_members where user_id = $1)',
    groupMember,
  ),
  'update org_memberships set role_id': async (scene) => {
    const { api, membershipId } = await scene.replicas.fixtures.member(scene.org, {
      org: 'ORGANIZATION_ADMIN',
    });
    const text = `update org_memberships set role_id = '${role('ORGANIZATION_USER')}' where id = $1`;
    return { uses: [using(api, AUDIT_OPERATIONS)], change: run(scene, text, membershipId) };
  },
  'update roles set permissions': async (scene) => {
    const roleId = await customRole(scene.org, ['workspaces:read']);
    const { api } = await workspaceMember(scene, roleId);
    const text = `update roles set permissions = '{runs:read}' where id = $1`;
    return { uses: [using(api, WORKSPACE_MEMBERS)], change: run(scene, text, roleId) };
  },
  'update organizations set is_disabled': onOrganization(
    'update organizations set is_disabled = true where id = $1',
  ),
  'update organizations set sso_only': onOrganization(
    'update organizations set sso_only = true where id = $1',
  ),
};
