import { describe, expect, it } from '@jest/globals';
import { ALL_WORKSPACE_PERMISSIONS, type Permission } from '../../common/access/permissions.js';
import { type Role, SYSTEM_ROLES, type SystemRoleName, systemRole } from '../rbac/index.js';
import {
  type InviteFacts,
  inviteRights,
  type InviteRights,
  type InviteRow,
  mayRenew,
  inviteProblems,
} from './invite-rights.js';

const id = (name: SystemRoleName) => systemRole(name).id;
const held = (name: SystemRoleName) => {
  const { permissions, ...role } = systemRole(name);
  return { ...role, permissions: new Set<Permission>(permissions) };
};

/** Roles in the organization and in the workspace of the request, as guards see them; of a key, its role in all of them. */
function caller(
  org: SystemRoleName | null,
  workspace: Iterable<Permission>,
  keyRole: SystemRoleName | null = null,
) {
  const orgRole = org && held(org);
  const inWorkspace = new Set(workspace);
  const can = (permission: Permission) =>
    (orgRole?.permissions.has(permission) ?? false) || inWorkspace.has(permission);
  return { orgRole, can, key: keyRole && { role: held(keyRole), workspaceIds: null } };
}

function keyOf(org: SystemRoleName | null, workspace: SystemRoleName) {
  return caller(org, held(workspace).permissions, workspace);
}

const CALLERS = {
  'an organization admin': caller('ORGANIZATION_ADMIN', ALL_WORKSPACE_PERMISSIONS),
  'an operator': caller('ORGANIZATION_OPERATOR', []),
  'an operator who is Admin of the workspace': caller('ORGANIZATION_OPERATOR', ALL_WORKSPACE_PERMISSIONS),
  'a workspace admin': caller('ORGANIZATION_USER', held('WORKSPACE_ADMIN').permissions),
  'a workspace admin who is Viewer of the organization': caller(
    'ORGANIZATION_VIEWER',
    held('WORKSPACE_ADMIN').permissions,
  ),
  'a custom role with workspaces:manage-members': caller('ORGANIZATION_USER', ['workspaces:manage-members']),
  'a custom role with workspaces:manage only': caller('ORGANIZATION_USER', ['workspaces:manage']),
  'an editor': caller('ORGANIZATION_USER', held('WORKSPACE_USER').permissions),
  'a viewer': caller('ORGANIZATION_USER', held('WORKSPACE_VIEWER').permissions),
  'a member without a workspace': caller('ORGANIZATION_USER', []),
  'a service key with the role Admin in the workspace': keyOf(null, 'WORKSPACE_ADMIN'),
  'a service key with the role Viewer in the workspace': keyOf(null, 'WORKSPACE_VIEWER'),
  'a service key that is admin of the organization and of its workspaces': keyOf(
    'ORGANIZATION_ADMIN',
    'WORKSPACE_ADMIN',
  ),
  'a service key that is admin of the organization and Viewer of its workspaces': keyOf(
    'ORGANIZATION_ADMIN',
    'WORKSPACE_VIEWER',
  ),
};

describe('who may bring in whom', () => {
  it.each<[keyof typeof CALLERS, InviteRights, InviteRights]>([
    // caller, while the switch is off, while it is on
    ['an organization admin', 'any-role', 'any-role'],
    ['an operator', 'ordinary-roles', 'ordinary-roles'],
    ['an operator who is Admin of the workspace', 'ordinary-roles', 'ordinary-roles'],
    ['a workspace admin', 'members-only', 'ordinary-roles'],
    ['a workspace admin who is Viewer of the organization', 'members-only', 'ordinary-roles'],
    ['a custom role with workspaces:manage-members', 'members-only', 'ordinary-roles'],
    ['a custom role with workspaces:manage only', 'members-only', 'members-only'],
    ['an editor', 'members-only', 'members-only'],
    ['a viewer', 'members-only', 'members-only'],
    ['a member without a workspace', 'members-only', 'members-only'],
    ['a service key with the role Admin in the workspace', 'members-only', 'ordinary-roles'],
    ['a service key with the role Viewer in the workspace', 'members-only', 'members-only'],
    ['a service key that is admin of the organization and of its workspaces', 'any-role', 'any-role'],
    [
      'a service key that is admin of the organization and Viewer of its workspaces',
      'ordinary-roles',
      'ordinary-roles',
    ],
  ])('%s: %s while the switch is off, %s while it is on', (who, off, on) => {
    expect(inviteRights(CALLERS[who], false)).toBe(off);
    expect(inviteRights(CALLERS[who], true)).toBe(on);
  });
});

const HERE = '11111111-1111-4111-8111-111111111111';
const THERE = '22222222-2222-4222-8222-222222222222';
const ELSEWHERE = '33333333-3333-4333-8333-333333333333';
const UNKNOWN_ROLE = '44444444-4444-4444-8444-444444444444';
const DEPLOYER = '55555555-5555-4555-8555-555555555555';

const row = (part: Partial<InviteRow> = {}): InviteRow => ({
  email: 'new@example.com',
  orgRoleId: null,
  workspaceIds: [],
  workspaceRoleId: null,
  fullName: null,
  password: null,
  ...part,
});

const custom = (roleId: string, permissions: Permission[]): Role => ({
  id: roleId,
  orgId: 'the organization',
  name: 'CUSTOM',
  displayName: 'Deployer',
  description: '',
  accessScope: 'workspace',
  permissions,
  createdAt: new Date(0),
});
const ROLES = new Map(
  [
    ...SYSTEM_ROLES.map((role): Role => ({
      ...role,
      orgId: null,
      permissions: [...role.permissions],
      createdAt: new Date(0),
    })),
    custom(DEPLOYER, ['workspaces:read', 'deployments:delete']),
  ].map((role) => [role.id, role]),
);

/** Somebody who may invite, in the organization or from the workspace HERE, where he is Admin unless said otherwise. */
const facts = (part: Partial<InviteFacts> = {}): InviteFacts => ({
  rights: 'any-role',
  fromWorkspaceId: null,
  mayChoosePasswords: true,
  closedReason: null,
  roles: ROLES,
  heldPermissions: new Map([
    [HERE, ALL_WORKSPACE_PERMISSIONS],
    [THERE, ALL_WORKSPACE_PERMISSIONS],
  ]),
  isNew: () => true,
  pendingRows: () => [],
  acceptsPending: () => false,
  ...part,
});
const here = { fromWorkspaceId: HERE };

/** Problems in short: what kind, in which field. Each has a message besides. */
const summary = (given: InviteRow, known: InviteFacts) =>
  inviteProblems(given, known).map(({ kind, field, msg }) => {
    expect(msg).toMatch(/^\S+ .+ \S+$/);
    return `${kind}: ${field}`;
  });

describe('which row may be written', () => {
  const somebodyHere = { isNew: () => false };
  const asEditor = { heldPermissions: new Map([[HERE, held('WORKSPACE_USER').permissions]]) };
  const asNobody = { heldPermissions: new Map([[HERE, new Set<Permission>()]]) };

  it.each<[string, Partial<InviteRow>, Partial<InviteFacts>, string[]]>([
    // who is new
    ['a new person, by who may invite', {}, {}, []],
    ['a new person, by who may work with members only', {}, { rights: 'members-only' }, ['forbidden: email']],
    [
      'somebody known, by who may work with members only',
      {},
      { rights: 'members-only', ...somebodyHere },
      [],
    ],
    ['a new person, while nobody may come', {}, { closedReason: 'it is closed' }, ['forbidden: email']],
    ['somebody known, while nobody new may come', {}, { closedReason: 'it is closed', ...somebodyHere }, []],
    [
      'somebody whose invitation ran out and gave no more than the caller may',
      {},
      { rights: 'ordinary-roles', pendingRows: () => [row({ workspaceIds: [HERE] })] },
      [],
    ],
    [
      'somebody whose invitation ran out and was one as organization admin',
      {},
      { rights: 'ordinary-roles', pendingRows: () => [row({ orgRoleId: id('ORGANIZATION_ADMIN') })] },
      ['forbidden: email'],
    ],
    [
      'somebody whose invitation ran out and gave a role that the caller does not hold there',
      {},
      {
        ...here,
        ...asEditor,
        pendingRows: () => [row({}), row({ workspaceIds: [HERE], workspaceRoleId: DEPLOYER })],
      },
      [],
    ],
    [
      'somebody whose invitation is consumed and gives a role that the caller does not hold there',
      {},
      {
        ...here,
        ...asEditor,
        pendingRows: () => [row({}), row({ workspaceIds: [HERE], workspaceRoleId: DEPLOYER })],
        acceptsPending: () => true,
      },
      ['forbidden: email'],
    ],
    [
      'somebody whose invitation runs on and gives more than the caller may',
      {},
      {
        ...somebodyHere,
        rights: 'ordinary-roles',
        pendingRows: () => [row({ orgRoleId: id('ORGANIZATION_ADMIN') })],
      },
      [],
    ],
    // the organization role
    ['an admin invited by an admin', { orgRoleId: id('ORGANIZATION_ADMIN') }, {}, []],
    ['an operator invited by an admin', { orgRoleId: id('ORGANIZATION_OPERATOR') }, {}, []],
    ['an ordinary user', { orgRoleId: id('ORGANIZATION_USER') }, { rights: 'ordinary-roles' }, []],
    ['an ordinary viewer', { orgRoleId: id('ORGANIZATION_VIEWER') }, { rights: 'ordinary-roles' }, []],
    [
      'an admin invited by who may invite ordinary people',
      { orgRoleId: id('ORGANIZATION_ADMIN') },
      { rights: 'ordinary-roles' },
      ['forbidden: role_id'],
    ],
    [
      'an operator invited by who may invite ordinary people',
      { orgRoleId: id('ORGANIZATION_OPERATOR') },
      { rights: 'ordinary-roles' },
      ['forbidden: role_id'],
    ],
    [
      'a known person as admin, by who may work with members only',
      { orgRoleId: id('ORGANIZATION_ADMIN') },
      { rights: 'members-only', ...somebodyHere },
      ['forbidden: role_id'],
    ],
    ['an unknown organization role', { orgRoleId: UNKNOWN_ROLE }, {}, ['not-found: role_id']],
    [
      'a workspace role as organization role',
      { orgRoleId: id('WORKSPACE_ADMIN') },
      {},
      ['not-found: role_id'],
    ],
    // the workspaces
    ['two workspaces, by the organization', { workspaceIds: [HERE, THERE] }, {}, []],
    ['this workspace', { workspaceIds: [HERE] }, here, []],
    ['another one too', { workspaceIds: [HERE, THERE] }, here, ['forbidden: workspace_ids']],
    ['a foreign one too', { workspaceIds: [HERE, ELSEWHERE] }, here, ['forbidden: workspace_ids']],
    ['a foreign one, by the organization', { workspaceIds: [ELSEWHERE] }, {}, ['not-found: workspace_ids']],
    // the role in them
    ['Admin, by an Admin', { workspaceIds: [HERE], workspaceRoleId: id('WORKSPACE_ADMIN') }, here, []],
    [
      'Admin, by an Editor',
      { workspaceIds: [HERE], workspaceRoleId: id('WORKSPACE_ADMIN') },
      { ...here, ...asEditor },
      ['forbidden: workspace_role_id'],
    ],
    [
      'Editor, by an Editor',
      { workspaceIds: [HERE], workspaceRoleId: id('WORKSPACE_USER') },
      { ...here, ...asEditor },
      [],
    ],
    ['no role, which is Viewer, by an Editor', { workspaceIds: [HERE] }, { ...here, ...asEditor }, []],
    [
      'no role, which is Viewer, by somebody with less',
      { workspaceIds: [HERE] },
      { ...here, ...asNobody },
      ['forbidden: workspace_role_id'],
    ],
    ['a custom role that he holds', { workspaceIds: [HERE], workspaceRoleId: DEPLOYER }, here, []],
    [
      'a custom role with one permission that he lacks',
      { workspaceIds: [HERE], workspaceRoleId: DEPLOYER },
      { ...here, ...asEditor },
      ['forbidden: workspace_role_id'],
    ],
    [
      'a role that he holds in one of two workspaces only',
      { workspaceIds: [HERE, THERE], workspaceRoleId: id('WORKSPACE_USER') },
      {
        heldPermissions: new Map([
          ...asEditor.heldPermissions,
          [THERE, held('WORKSPACE_VIEWER').permissions],
        ]),
      },
      ['forbidden: workspace_role_id'],
    ],
    ['an unknown workspace role', { workspaceRoleId: UNKNOWN_ROLE }, {}, ['not-found: workspace_role_id']],
    [
      'an organization role as workspace role',
      { workspaceRoleId: id('ORGANIZATION_USER') },
      {},
      ['not-found: workspace_role_id'],
    ],
    // a password chosen for him
    ['a password, by an organization admin', { password: 'secret' }, {}, []],
    ['a password, from a workspace', { password: 'secret' }, here, ['forbidden: password']],
    [
      'a password, by an operator',
      { password: 'secret' },
      { rights: 'ordinary-roles', mayChoosePasswords: false },
      ['forbidden: password'],
    ],
    ['a password, by a key', { password: 'secret' }, { mayChoosePasswords: false }, ['forbidden: password']],
  ])('%s', (_, part, known, problems) => {
    expect(summary(row(part), facts(known))).toEqual(problems);
  });

  it('names everything that speaks against a row at once', () => {
    const climber = row({
      orgRoleId: id('ORGANIZATION_ADMIN'),
      workspaceIds: [HERE, THERE],
      password: 'secret',
    });
    const known = facts({ rights: 'members-only', ...here });

    expect(summary(climber, known)).toEqual([
      'forbidden: email',
      'forbidden: role_id',
      'forbidden: workspace_ids',
      'forbidden: password',
    ]);
  });

  it('says which address is refused and which setting would change it', () => {
    const [refused] = inviteProblems(row(), facts({ rights: 'members-only', ...here }));
    expect(refused?.msg).toContain('new@example.com');
    expect(refused?.msg).toContain('workspace_admin_can_invite_to_org');

    const [closed] = inviteProblems(row(), facts({ closedReason: 'invites_enabled is off' }));
    expect(closed?.msg).toContain('invites_enabled is off');
  });
});

describe('mayRenew', () => {
  const EMAIL = 'invited@example.com';
  const inOrg = row({ email: EMAIL });
  const asViewer = row({ email: EMAIL, workspaceIds: [HERE], workspaceRoleId: id('WORKSPACE_VIEWER') });
  const asDeployer = row({ email: EMAIL, workspaceIds: [HERE], workspaceRoleId: DEPLOYER });
  const asAdmin = row({ email: EMAIL, orgRoleId: id('ORGANIZATION_ADMIN') });
  const editor = (parts: InviteRow[], more: Partial<InviteFacts> = {}) =>
    facts({
      ...here,
      rights: 'ordinary-roles',
      heldPermissions: new Map([[HERE, held('WORKSPACE_USER').permissions]]),
      pendingRows: (email) => (email === EMAIL ? parts : []),
      ...more,
    });

  it.each<[string, boolean, InviteFacts]>([
    ['allows an invitation of which the caller may give every part', true, editor([inOrg, asViewer])],
    ['refuses when one workspace role allows more than the caller holds', false, editor([inOrg, asDeployer])],
    ['refuses when one part of several is too much', false, editor([inOrg, asDeployer, asViewer])],
    ['refuses an organization role that the caller may not give', false, editor([asAdmin])],
    [
      'refuses a workspace that is unknown here',
      false,
      editor([inOrg, asViewer], { heldPermissions: new Map() }),
    ],
    [
      'allows workspaces beside the one that invites',
      true,
      editor([row({ email: EMAIL, workspaceIds: [THERE] })], {
        heldPermissions: new Map([[THERE, held('WORKSPACE_USER').permissions]]),
      }),
    ],
    [
      'allows a caller who brings in nobody new, since the person is invited already',
      true,
      editor([inOrg], {
        rights: 'members-only',
      }),
    ],
    [
      'allows it while invitations are closed, since the person is invited already',
      true,
      editor([inOrg], {
        closedReason: 'it is closed',
      }),
    ],
  ])('%s', (_what, expected, known) => {
    expect(mayRenew(EMAIL, known)).toBe(expected);
  });
});
