import { describe, expect, it } from '@jest/globals';
import {
  ContextForbidden,
  MemberDisabled,
  OrganizationDisabled,
  SsoRequired,
} from '../../../common/access/access.errors.js';
import type { GuardedRule } from '../../../common/access/access.guard.js';
import type { Permission } from '../../../common/access/permissions.js';
import { systemRole } from '../../roles/index.js';
import { WorkspaceNotFound } from '../../workspaces/index.js';
import { hasSameRights, resolveAccessContext as resolve } from './access-context.js';
import { NO_CONTEXT, type RequestedContext } from './request-headers.js';

const ORG = '0198c0de-0000-7000-8000-000000000001';
const OTHER_ORG = '0198c0de-0000-7000-8000-000000000002';
const WORKSPACE = '0198c0de-0000-7000-8000-000000000003';
const OTHER_WORKSPACE = '0198c0de-0000-7000-8000-000000000004';

const user = {
  kind: 'session' as const,
  credentialId: '0198c0de-0000-7000-8000-000000000005',
  sessionMethod: 'password' as const,
  signIn: null,
  userId: '0198c0de-0000-7000-8000-000000000006',
  email: 'ann@example.com',
  membershipId: '0198c0de-0000-7000-8000-000000000007',
  orgId: ORG,
  orgIsDisabled: false,
  orgIsSsoOnly: false,
  orgIpAllowlist: [],
  memberIsDisabled: false,
  orgRoleId: systemRole('ORGANIZATION_USER').id,
  workspaceId: WORKSPACE,
  workspaceRoleId: systemRole('WORKSPACE_USER').id,
  customPermissions: null,
  groupRoleIds: null,
  groupCustomPermissions: null,
  keyWorkspaceIds: null,
  secretIsReplaced: false,
  rightsEndAt: null,
  endsAt: null,
  madeByUserId: null,
  hasEnded: false,
  loaded: null,
};
type Given = Parameters<typeof resolve>;
const resolveAccessContext = (found: Given[0], requested: Given[1], rule: Given[2], address = '192.0.2.1') =>
  resolve(found, requested, rule, address);
const limitedKey = {
  ...user,
  kind: 'service-key' as const,
  sessionMethod: null,
  userId: null,
  email: null,
  orgRoleId: null,
  keyWorkspaceIds: [WORKSPACE],
};

const rule: GuardedRule = {
  kind: 'permission',
  permission: 'workspaces:read',
  context: 'workspace',
  sessionOnly: false,
};
const anywhere: GuardedRule = { kind: 'signed-in', context: 'none' };
const named = (context: Partial<RequestedContext>): RequestedContext => ({ ...NO_CONTEXT, ...context });

describe('resolveAccessContext', () => {
  it('resolves the workspace with the role that the user holds there', () => {
    const place = resolveAccessContext(user, named({ workspaceId: WORKSPACE }), rule);
    expect(place).toMatchObject({
      orgId: ORG,
      workspaceId: WORKSPACE,
      workspaceRole: { name: 'WORKSPACE_USER' },
    });
  });

  it('makes an organization admin Admin of a workspace without a membership', () => {
    const admin = { ...user, orgRoleId: systemRole('ORGANIZATION_ADMIN').id, workspaceRoleId: null };
    expect(resolveAccessContext(admin, NO_CONTEXT, rule).workspaceRole?.name).toBe('WORKSPACE_ADMIN');
  });

  it('makes an organization admin Admin of a workspace despite the role Viewer there', () => {
    const admin = {
      ...user,
      orgRoleId: systemRole('ORGANIZATION_ADMIN').id,
      workspaceRoleId: systemRole('WORKSPACE_VIEWER').id,
    };
    expect(resolveAccessContext(admin, NO_CONTEXT, rule).workspaceRole?.name).toBe('WORKSPACE_ADMIN');
  });

  it('resolves a custom role with its own permissions', () => {
    const custom = { ...user, workspaceRoleId: OTHER_ORG, customPermissions: ['runs:read' as const] };
    expect(resolveAccessContext(custom, NO_CONTEXT, rule).workspaceRole).toEqual({
      id: OTHER_ORG,
      name: 'CUSTOM',
      permissions: new Set(['runs:read']),
    });
  });

  it('resolves the own role with the permissions of user groups, system and custom roles alike', () => {
    const inGroups = {
      ...user,
      workspaceRoleId: systemRole('WORKSPACE_VIEWER').id,
      groupRoleIds: [systemRole('WORKSPACE_USER').id, OTHER_ORG],
      groupCustomPermissions: ['workspaces:manage-members' as const],
    };
    expect(resolveAccessContext(inGroups, NO_CONTEXT, rule).workspaceRole).toEqual({
      id: systemRole('WORKSPACE_VIEWER').id,
      name: 'WORKSPACE_VIEWER',
      permissions: new Set([
        ...systemRole('WORKSPACE_VIEWER').permissions,
        ...systemRole('WORKSPACE_USER').permissions,
        'workspaces:manage-members',
      ]),
    });
  });

  it('makes no user a member of a workspace through user groups', () => {
    const outsider = { ...user, workspaceRoleId: null, groupRoleIds: [systemRole('WORKSPACE_ADMIN').id] };
    expect(() => resolveAccessContext(outsider, NO_CONTEXT, rule)).toThrow(new ContextForbidden('workspace'));
  });

  it('refuses a password session in an organization that allows single sign-on only', () => {
    const closed = { ...user, orgIsSsoOnly: true };
    expect(() => resolveAccessContext(closed, NO_CONTEXT, rule)).toThrow(SsoRequired);
    expect(resolveAccessContext(closed, NO_CONTEXT, anywhere).orgId).toBeNull();
    for (const sessionMethod of ['sso', 'break-glass', null] as const)
      expect(resolveAccessContext({ ...closed, sessionMethod }, NO_CONTEXT, rule).orgId).toBe(ORG);
  });

  it('refuses a requested organization that the user does not belong to', () => {
    expect(() => resolveAccessContext(user, named({ orgId: OTHER_ORG }), rule)).toThrow(
      new ContextForbidden('organization'),
    );
    expect(resolveAccessContext(user, named({ orgId: ORG }), rule).orgId).toBe(ORG);
  });

  it('refuses a workspace outside of the organization', () => {
    const elsewhere = { ...user, workspaceId: null };
    expect(() => resolveAccessContext(elsewhere, named({ workspaceId: OTHER_WORKSPACE }), rule)).toThrow(
      new ContextForbidden('workspace'),
    );
  });

  it('resolves no workspace role without a workspace, also for an organization admin', () => {
    const admin = { ...user, workspaceId: null, orgRoleId: systemRole('ORGANIZATION_ADMIN').id };
    expect(resolveAccessContext(admin, NO_CONTEXT, rule)).toMatchObject({
      workspaceId: null,
      workspaceRole: null,
    });
  });

  it('resolves role and workspaces of a service key, and no key for a user', () => {
    expect(resolveAccessContext(limitedKey, NO_CONTEXT, rule).key).toEqual({
      role: expect.objectContaining({ name: 'WORKSPACE_USER' }),
      workspaceIds: [WORKSPACE],
    });
    expect(resolveAccessContext(user, NO_CONTEXT, rule).key).toBeNull();
  });

  it('throws WorkspaceNotFound when the refused workspace is in the path', () => {
    const requested = named({ workspaceId: OTHER_WORKSPACE, workspaceIsInPath: true });
    expect(() => resolveAccessContext({ ...user, workspaceId: null }, requested, rule)).toThrow(
      WorkspaceNotFound,
    );
  });

  it('refuses a workspace that the user is not a member of', () => {
    const outsider = { ...user, workspaceRoleId: null };
    expect(() => resolveAccessContext(outsider, named({ workspaceId: WORKSPACE }), rule)).toThrow(
      new ContextForbidden('workspace'),
    );
  });

  it('refuses a workspace that a service key does not cover', () => {
    const requested = named({ workspaceId: OTHER_WORKSPACE });
    expect(() =>
      resolveAccessContext({ ...limitedKey, workspaceId: OTHER_WORKSPACE }, requested, rule),
    ).toThrow(ContextForbidden);
    expect(
      resolveAccessContext(limitedKey, named({ workspaceId: WORKSPACE }), rule).workspaceRole?.name,
    ).toBe('WORKSPACE_USER');
  });

  it('resolves every workspace for a key of the whole organization', () => {
    const wide = { ...limitedKey, keyWorkspaceIds: null, workspaceId: OTHER_WORKSPACE };
    expect(
      resolveAccessContext(wide, named({ workspaceId: OTHER_WORKSPACE }), rule).workspaceRole?.name,
    ).toBe('WORKSPACE_USER');
  });

  it.each([
    { refusal: MemberDisabled, blocked: { memberIsDisabled: true } },
    { refusal: OrganizationDisabled, blocked: { orgIsDisabled: true } },
  ])('throws $refusal.name only on routes that need the organization', ({ refusal, blocked }) => {
    expect(() => resolveAccessContext({ ...user, ...blocked }, NO_CONTEXT, rule)).toThrow(refusal);
    expect(resolveAccessContext({ ...user, ...blocked }, NO_CONTEXT, anywhere)).toMatchObject({
      orgId: null,
      orgRole: null,
    });
  });
});

describe('hasSameRights', () => {
  const custom = (...permissions: Permission[]) => ({
    id: OTHER_ORG,
    name: 'CUSTOM',
    permissions: new Set(permissions),
  });
  const ofPerson = {
    orgId: ORG,
    orgRole: custom('organization:read'),
    workspaceId: WORKSPACE,
    workspaceRole: custom('runs:read', 'runs:create'),
    key: null,
  };
  const ofKey = {
    ...ofPerson,
    orgRole: null,
    key: { role: custom('runs:read'), workspaceIds: [WORKSPACE, OTHER_WORKSPACE] },
  };
  const emptyContext = { orgId: null, orgRole: null, workspaceId: null, workspaceRole: null, key: null };

  it.each([
    ['a user', ofPerson, { ...ofPerson }],
    [
      'a role whose permissions are in another order',
      ofPerson,
      { ...ofPerson, workspaceRole: custom('runs:create', 'runs:read') },
    ],
    ['a key', ofKey, { ...ofKey }],
    [
      'a key whose workspaces are in another order',
      ofKey,
      { ...ofKey, key: { ...ofKey.key, workspaceIds: [OTHER_WORKSPACE, WORKSPACE] } },
    ],
    [
      'a key for all workspaces',
      { ...ofKey, key: { ...ofKey.key, workspaceIds: null } },
      { ...ofKey, key: { ...ofKey.key, workspaceIds: null } },
    ],
    ['an empty context', emptyContext, { ...emptyContext }],
  ])('returns true for %s without changes', (_who, before, now) => {
    expect(hasSameRights(before, now)).toBe(true);
    expect(hasSameRights(now, before)).toBe(true);
  });

  it.each([
    ['another organization', ofPerson, { ...ofPerson, orgId: OTHER_ORG }],
    ['another workspace', ofPerson, { ...ofPerson, workspaceId: OTHER_WORKSPACE }],
    ['another organization role', ofPerson, { ...ofPerson, orgRole: { ...ofPerson.orgRole, id: ORG } }],
    ['no organization role', ofPerson, { ...ofPerson, orgRole: null }],
    ['no workspace role', ofPerson, { ...ofPerson, workspaceRole: null }],
    ['a role that allows less', ofPerson, { ...ofPerson, workspaceRole: custom('runs:read') }],
    [
      'a role with another permission',
      ofPerson,
      { ...ofPerson, workspaceRole: custom('runs:read', 'runs:delete') },
    ],
    ['another role of the key', ofKey, { ...ofKey, key: { ...ofKey.key, role: custom('runs:create') } }],
    ['fewer workspaces of the key', ofKey, { ...ofKey, key: { ...ofKey.key, workspaceIds: [WORKSPACE] } }],
    [
      'all workspaces for a key that was limited',
      ofKey,
      { ...ofKey, key: { ...ofKey.key, workspaceIds: null } },
    ],
    ['an empty context', ofPerson, emptyContext],
    ['no key', ofKey, { ...ofKey, key: null }],
  ])('returns false after a change to %s', (_what, before, now) => {
    expect(hasSameRights(before, now)).toBe(false);
    expect(hasSameRights(now, before)).toBe(false);
  });
});
