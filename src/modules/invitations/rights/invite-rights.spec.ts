import { describe, expect, it } from '@jest/globals';
import type { ExcessOf, RightsChange } from '../../../common/access/access-limits.js';
import { ALL_WORKSPACE_PERMISSIONS, type Permission } from '../../../common/access/permissions.js';
import { type Role, SYSTEM_ROLES, type SystemRoleName, systemRole } from '../../roles/index.js';
import {
  type InviteFacts,
  inviteRights,
  type InviteRights,
  type InviteRow,
  type PersonFacts,
  inviteProblems,
  mayChangePart,
  renewalProblem,
} from './invite-rights.js';

const id = (name: SystemRoleName) => systemRole(name).id;
const held = (name: SystemRoleName) => {
  const { permissions, ...role } = systemRole(name);
  return { ...role, permissions: new Set<Permission>(permissions) };
};

/** The org role and workspace permissions of a request as guards see them; for a key, its role in all workspaces. */
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

describe('inviteRights', () => {
  it.each<[keyof typeof CALLERS, InviteRights, InviteRights]>([
    // caller, rights with the switch off, rights with the switch on
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
  ])('grants %s the rights %s with the switch off and %s with it on', (who, off, on) => {
    expect(inviteRights(CALLERS[who], false)).toBe(off);
    expect(inviteRights(CALLERS[who], true)).toBe(on);
  });
});

const HERE = '11111111-1111-4111-8111-111111111111';
const THERE = '22222222-2222-4222-8222-222222222222';
const ELSEWHERE = '33333333-3333-4333-8333-333333333333';
const UNKNOWN_ROLE = '44444444-4444-4444-8444-444444444444';
const USER = '66666666-6666-4666-8666-666666666666';
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

/** A caller who may not give these roles; `groupName` as if a user group gave them. */
const except =
  (roleIds: readonly string[], groupName: string | null = null): ExcessOf =>
  ({ roleId }) =>
    roleId && roleIds.includes(roleId)
      ? {
          ...{ reason: 'assigned', isRequested: true, roleName: 'Some role', groupName },
          message: 'You may not give Some role.',
        }
      : null;

/** Facts of a caller who may invite and give every role, and of an unknown person; `part` overrides them. */
const facts = (part: Partial<InviteFacts> = {}): InviteFacts => ({
  addsMembers: false,
  people: new Map(),
  rights: 'any-role',
  fromWorkspaceId: null,
  mayChoosePasswords: true,
  closedReason: null,
  admitsDirectly: false,
  roles: ROLES,
  workspaceIds: new Set([HERE, THERE]),
  excessOf: () => null,
  refusedEnds: new Map(),
  ...part,
});
const here = { fromWorkspaceId: HERE };

/** The person of `row()`. */
const person = (known: Partial<PersonFacts>) => ({
  people: new Map([
    [row().email, { userId: null, invitation: null, invitationParts: [], ...known } satisfies PersonFacts],
  ]),
});
const invited = (invitation: 'pending' | 'expired', ...invitationParts: InviteRow[]) =>
  person({ invitation, invitationParts });

/** Kind and field of each problem; also checks that each has a message. */
const summary = (given: InviteRow, known: InviteFacts) =>
  inviteProblems(given, known).map(({ kind, field, msg }) => {
    expect(msg).toMatch(/^\S+ .+ \S+$/);
    return `${kind}: ${field}`;
  });

describe('inviteProblems', () => {
  const notNew = person({ userId: USER });
  const addedWhileInvitationsAreOff = {
    closedReason: 'it is closed',
    admitsDirectly: true,
    addsMembers: true,
  };
  const asEditor = { excessOf: except([DEPLOYER, id('WORKSPACE_ADMIN')]) };

  it.each<[string, Partial<InviteRow>, Partial<InviteFacts>, string[]]>([
    // new and existing users
    ['allows a new user if the caller may invite', {}, {}, []],
    ['refuses a new user with the rights members-only', {}, { rights: 'members-only' }, ['forbidden: email']],
    ['allows an existing user with the rights members-only', {}, { rights: 'members-only', ...notNew }, []],
    [
      'refuses a new user while invitations are closed',
      {},
      { closedReason: 'it is closed' },
      ['forbidden: email'],
    ],
    [
      'allows an existing user while invitations are closed',
      {},
      { closedReason: 'it is closed', ...notNew },
      [],
    ],
    [
      'refuses to accept an invitation for a user who is added while invitations are closed',
      {},
      { ...addedWhileInvitationsAreOff, ...invited('pending') },
      ['forbidden: email'],
    ],
    [
      'allows adding a user with an expired invitation while invitations are closed',
      {},
      { ...addedWhileInvitationsAreOff, ...invited('expired') },
      [],
    ],
    ['allows adding a new user while invitations are closed', {}, addedWhileInvitationsAreOff, []],
    [
      'refuses adding a user directly while the organization is closed',
      {},
      { closedReason: 'it is closed', addsMembers: true },
      ['forbidden: email'],
    ],
    [
      'allows renewing an expired invitation within the rights of the caller',
      {},
      { rights: 'ordinary-roles', ...invited('expired', row({ workspaceIds: [HERE] })) },
      [],
    ],
    [
      'refuses renewing an expired invitation as organization admin without the right to grant it',
      {},
      { rights: 'ordinary-roles', ...invited('expired', row({ orgRoleId: id('ORGANIZATION_ADMIN') })) },
      ['forbidden: email'],
    ],
    [
      'allows renewing an expired invitation whose workspace role the caller does not hold',
      {},
      {
        ...here,
        ...asEditor,
        ...invited('expired', row({}), row({ workspaceIds: [HERE], workspaceRoleId: DEPLOYER })),
      },
      [],
    ],
    [
      'refuses accepting an invitation whose workspace role the caller does not hold',
      {},
      {
        ...here,
        ...asEditor,
        ...invited('pending', row({}), row({ workspaceIds: [HERE], workspaceRoleId: DEPLOYER })),
        addsMembers: true,
      },
      ['forbidden: email'],
    ],
    [
      'allows a pending user whose invitation exceeds the rights of the caller',
      {},
      {
        ...invited('pending', row({ orgRoleId: id('ORGANIZATION_ADMIN') })),
        rights: 'ordinary-roles',
      },
      [],
    ],
    // org role
    ['allows an admin to invite an admin', { orgRoleId: id('ORGANIZATION_ADMIN') }, {}, []],
    ['allows an admin to invite an operator', { orgRoleId: id('ORGANIZATION_OPERATOR') }, {}, []],
    [
      'allows inviting an Organization User with the rights ordinary-roles',
      { orgRoleId: id('ORGANIZATION_USER') },
      { rights: 'ordinary-roles' },
      [],
    ],
    [
      'allows inviting an Organization Viewer with the rights ordinary-roles',
      { orgRoleId: id('ORGANIZATION_VIEWER') },
      { rights: 'ordinary-roles' },
      [],
    ],
    [
      'refuses inviting an admin with the rights ordinary-roles',
      { orgRoleId: id('ORGANIZATION_ADMIN') },
      { rights: 'ordinary-roles' },
      ['forbidden: role_id'],
    ],
    [
      'refuses inviting an operator with the rights ordinary-roles',
      { orgRoleId: id('ORGANIZATION_OPERATOR') },
      { rights: 'ordinary-roles' },
      ['forbidden: role_id'],
    ],
    [
      'refuses an existing user as admin with the rights members-only',
      { orgRoleId: id('ORGANIZATION_ADMIN') },
      { rights: 'members-only', ...notNew },
      ['forbidden: role_id'],
    ],
    ['reports an unknown org role as not found', { orgRoleId: UNKNOWN_ROLE }, {}, ['not-found: role_id']],
    [
      'reports a workspace role used as org role as not found',
      { orgRoleId: id('WORKSPACE_ADMIN') },
      {},
      ['not-found: role_id'],
    ],
    // workspaces
    ['allows two workspaces at organization level', { workspaceIds: [HERE, THERE] }, {}, []],
    ['allows the inviting workspace at workspace level', { workspaceIds: [HERE] }, here, []],
    [
      'refuses another workspace of the organization at workspace level',
      { workspaceIds: [HERE, THERE] },
      here,
      ['forbidden: workspace_ids'],
    ],
    [
      'refuses a workspace of another organization at workspace level',
      { workspaceIds: [HERE, ELSEWHERE] },
      here,
      ['forbidden: workspace_ids'],
    ],
    [
      'reports a workspace of another organization as not found at organization level',
      { workspaceIds: [ELSEWHERE] },
      {},
      ['not-found: workspace_ids'],
    ],
    // workspace role
    [
      'allows an Admin to grant Admin',
      { workspaceIds: [HERE], workspaceRoleId: id('WORKSPACE_ADMIN') },
      here,
      [],
    ],
    [
      'refuses an Editor who grants Admin',
      { workspaceIds: [HERE], workspaceRoleId: id('WORKSPACE_ADMIN') },
      { ...here, ...asEditor },
      ['forbidden: workspace_role_id'],
    ],
    [
      'names the role for the default role Viewer, which counts like a requested one',
      { workspaceIds: [HERE] },
      { ...here, excessOf: except([id('WORKSPACE_VIEWER')]) },
      ['forbidden: workspace_role_id'],
    ],
    [
      'names the person if a user group of theirs exceeds',
      { workspaceIds: [HERE] },
      { ...here, ...notNew, excessOf: except([id('WORKSPACE_VIEWER')], 'Team') },
      ['forbidden: email'],
    ],
    [
      'refuses a role that the caller may give in only one of two workspaces',
      { workspaceIds: [HERE, THERE], workspaceRoleId: id('WORKSPACE_USER') },
      {
        excessOf: (change) => (change.workspaceId === THERE ? except([id('WORKSPACE_USER')])(change) : null),
      },
      ['forbidden: workspace_role_id'],
    ],
    [
      'reports an unknown workspace role as not found',
      { workspaceRoleId: UNKNOWN_ROLE },
      {},
      ['not-found: workspace_role_id'],
    ],
    [
      'reports an org role used as workspace role as not found',
      { workspaceRoleId: id('ORGANIZATION_USER') },
      {},
      ['not-found: workspace_role_id'],
    ],
    // password
    ['allows an organization admin to choose a password', { password: 'secret' }, {}, []],
    ['refuses a password at workspace level', { password: 'secret' }, here, ['forbidden: password']],
    [
      'refuses a password chosen by an operator',
      { password: 'secret' },
      { rights: 'ordinary-roles', mayChoosePasswords: false },
      ['forbidden: password'],
    ],
    [
      'refuses a password chosen by an API key',
      { password: 'secret' },
      { mayChoosePasswords: false },
      ['forbidden: password'],
    ],
  ])('checks an invite row: %s', (_, part, known, problems) => {
    expect(summary(row(part), facts(known))).toEqual(problems);
  });

  it('asks what a membership would give to a member, and what an invitation gives to others', () => {
    const asked: RightsChange[] = [];
    const excessOf: ExcessOf = (change) => {
      asked.push(change);
      return null;
    };
    const wanted = row({ workspaceIds: [HERE] });

    inviteProblems(wanted, facts({ ...here, ...notNew, excessOf }));
    inviteProblems(wanted, facts({ ...here, excessOf }));

    const change = { workspaceId: HERE, roleId: id('WORKSPACE_VIEWER'), unlessMember: true };
    expect(asked).toEqual([
      { ...change, subject: { memberId: USER } },
      { ...change, subject: { roleId: null, name: wanted.email } },
    ]);
  });

  it('reports all problems of a row at once', () => {
    const invalidRow = row({
      orgRoleId: id('ORGANIZATION_ADMIN'),
      workspaceIds: [HERE, THERE],
      password: 'secret',
    });
    const known = facts({ rights: 'members-only', ...here });

    expect(summary(invalidRow, known)).toEqual([
      'forbidden: email',
      'forbidden: role_id',
      'forbidden: workspace_ids',
      'forbidden: password',
    ]);
  });

  it('names the refused address and the setting that would allow it', () => {
    const [refused] = inviteProblems(row(), facts({ rights: 'members-only', ...here }));
    expect(refused?.msg).toContain('new@example.com');
    expect(refused?.msg).toContain('workspace_admin_can_invite_to_org');

    const [closed] = inviteProblems(row(), facts({ closedReason: 'invites_enabled is off' }));
    expect(closed?.msg).toContain('invites_enabled is off');
  });
});

describe('renewalProblem', () => {
  const EMAIL = 'invited@example.com';
  const inOrg = row({ email: EMAIL });
  const asViewer = row({ email: EMAIL, workspaceIds: [HERE], workspaceRoleId: id('WORKSPACE_VIEWER') });
  const asDeployer = row({ email: EMAIL, workspaceIds: [HERE], workspaceRoleId: DEPLOYER });
  const asAdmin = row({ email: EMAIL, orgRoleId: id('ORGANIZATION_ADMIN') });
  const editor = (parts: InviteRow[], more: Partial<InviteFacts> = {}) =>
    facts({
      ...here,
      rights: 'ordinary-roles',
      excessOf: except([DEPLOYER]),
      people: new Map([[EMAIL, { userId: null, invitation: 'pending', invitationParts: parts }]]),
      ...more,
    });

  it.each<[string, RegExp | null, InviteFacts]>([
    ['none if the caller may give every part', null, editor([inOrg, asViewer])],
    ['the role of one workspace', /Some role/, editor([inOrg, asDeployer])],
    ['one of several parts', /Some role/, editor([inOrg, asViewer, asDeployer])],
    ['an organization role that the caller may not give', /Organization Admin/, editor([asAdmin])],
    [
      'a workspace that is not in the organization',
      /no workspace/,
      editor([inOrg, asViewer], { workspaceIds: new Set() }),
    ],
    [
      'none in workspaces other than the inviting one',
      null,
      editor([row({ email: EMAIL, workspaceIds: [THERE] })]),
    ],
    [
      'none for the rights members-only, since the user is already invited',
      null,
      editor([inOrg], { rights: 'members-only' }),
    ],
    [
      'none while invitations are closed, since the user is already invited',
      null,
      editor([inOrg], { closedReason: 'it is closed' }),
    ],
  ])('names what the caller could not have given: %s', (_what, expected, known) => {
    expect(renewalProblem(EMAIL, known)).toEqual(expected && expect.stringMatching(expected));
  });

  it('lets the caller change a part whose present and new role pass the comparison', () => {
    const excessOf: ExcessOf = ({ subject, roleId }) =>
      'roleId' in subject && subject.roleId === DEPLOYER
        ? except([id('WORKSPACE_USER')])({ subject, roleId, workspaceId: HERE })
        : null;
    const known = editor([], { excessOf });

    expect(mayChangePart(asViewer, id('WORKSPACE_USER'), known)).toBe(true);
    expect(mayChangePart(asDeployer, id('WORKSPACE_USER'), known)).toBe(false);
    expect(
      mayChangePart({ ...asViewer, ...asAdmin, workspaceIds: [HERE] }, id('WORKSPACE_USER'), known),
    ).toBe(false);
  });
});
