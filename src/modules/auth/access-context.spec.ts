import { describe, expect, it } from '@jest/globals';
import {
  ContextForbidden,
  MemberDisabled,
  OrganizationDisabled,
  SsoRequired,
} from '../../common/access/access.errors.js';
import type { GuardedRule } from '../../common/access/access-rule.decorator.js';
import type { Permission } from '../../common/access/permissions.js';
import { systemRole } from '../rbac/index.js';
import { WorkspaceNotFound } from '../workspaces/index.js';
import { hasSameRights, resolveAccessContext } from './access-context.js';
import { NO_CONTEXT, type RequestedContext } from './requested-context.js';

const ORG = '0198c0de-0000-7000-8000-000000000001';
const OTHER_ORG = '0198c0de-0000-7000-8000-000000000002';
const WORKSPACE = '0198c0de-0000-7000-8000-000000000003';
const OTHER_WORKSPACE = '0198c0de-0000-7000-8000-000000000004';

const user = {
  kind: 'session' as const,
  credentialId: '0198c0de-0000-7000-8000-000000000005',
  sessionMethod: 'password' as const,
  userId: '0198c0de-0000-7000-8000-000000000006',
  email: 'ann@example.com',
  orgId: ORG,
  orgIsDisabled: false,
  orgIsSsoOnly: false,
  memberIsDisabled: false,
  orgRoleId: systemRole('ORGANIZATION_USER').id,
  workspaceId: WORKSPACE,
  workspaceRoleId: systemRole('WORKSPACE_USER').id,
  customPermissions: null,
  keyWorkspaceIds: null,
};
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

describe('where a caller acts', () => {
  it('is the workspace, with the role held there', () => {
    const place = resolveAccessContext(user, named({ workspaceId: WORKSPACE }), rule);
    expect(place).toMatchObject({
      orgId: ORG,
      workspaceId: WORKSPACE,
      workspaceRole: { name: 'WORKSPACE_USER' },
    });
  });

  it('is any workspace as its admin, for an organization admin who is no member of it', () => {
    const admin = { ...user, orgRoleId: systemRole('ORGANIZATION_ADMIN').id, workspaceRoleId: null };
    expect(resolveAccessContext(admin, NO_CONTEXT, rule).workspaceRole?.name).toBe('WORKSPACE_ADMIN');
  });

  it('is as admin of the workspace even where an organization admin was made a viewer', () => {
    const admin = {
      ...user,
      orgRoleId: systemRole('ORGANIZATION_ADMIN').id,
      workspaceRoleId: systemRole('WORKSPACE_VIEWER').id,
    };
    expect(resolveAccessContext(admin, NO_CONTEXT, rule).workspaceRole?.name).toBe('WORKSPACE_ADMIN');
  });

  it('knows a custom role by its own permissions', () => {
    const custom = { ...user, workspaceRoleId: OTHER_ORG, customPermissions: ['runs:read' as const] };
    expect(resolveAccessContext(custom, NO_CONTEXT, rule).workspaceRole).toEqual({
      id: OTHER_ORG,
      name: 'CUSTOM',
      permissions: new Set(['runs:read']),
    });
  });

  it('is no organization of single sign-on only, for who came by a password', () => {
    const closed = { ...user, orgIsSsoOnly: true };
    expect(() => resolveAccessContext(closed, NO_CONTEXT, rule)).toThrow(SsoRequired);
    expect(resolveAccessContext(closed, NO_CONTEXT, anywhere).orgId).toBeNull();
    for (const sessionMethod of ['sso', 'break-glass', null] as const)
      expect(resolveAccessContext({ ...closed, sessionMethod }, NO_CONTEXT, rule).orgId).toBe(ORG);
  });

  it('may not be another organization than the one that was named', () => {
    expect(() => resolveAccessContext(user, named({ orgId: OTHER_ORG }), rule)).toThrow(ContextForbidden);
    expect(resolveAccessContext(user, named({ orgId: ORG }), rule).orgId).toBe(ORG);
  });

  it('may not be a workspace outside of the organization', () => {
    const elsewhere = { ...user, workspaceId: null };
    expect(() => resolveAccessContext(elsewhere, named({ workspaceId: OTHER_WORKSPACE }), rule)).toThrow(
      new ContextForbidden('workspace'),
    );
  });

  it('has no workspace role where there is no workspace, also for an organization admin', () => {
    const admin = { ...user, workspaceId: null, orgRoleId: systemRole('ORGANIZATION_ADMIN').id };
    expect(resolveAccessContext(admin, NO_CONTEXT, rule)).toMatchObject({
      workspaceId: null,
      workspaceRole: null,
    });
  });

  it('names the role and the workspaces of a service key, and no key for a person', () => {
    expect(resolveAccessContext(limitedKey, NO_CONTEXT, rule).key).toEqual({
      role: expect.objectContaining({ name: 'WORKSPACE_USER' }),
      workspaceIds: [WORKSPACE],
    });
    expect(resolveAccessContext(user, NO_CONTEXT, rule).key).toBeNull();
  });

  it('is not found when that workspace stands in the path', () => {
    const wanted = named({ workspaceId: OTHER_WORKSPACE, workspaceIsInPath: true });
    expect(() => resolveAccessContext({ ...user, workspaceId: null }, wanted, rule)).toThrow(
      WorkspaceNotFound,
    );
  });

  it('may not be a workspace that the person is not in', () => {
    const outsider = { ...user, workspaceRoleId: null };
    expect(() => resolveAccessContext(outsider, named({ workspaceId: WORKSPACE }), rule)).toThrow(
      new ContextForbidden('workspace'),
    );
  });

  it('may be a workspace of a service key only if the key covers it', () => {
    const wanted = named({ workspaceId: OTHER_WORKSPACE });
    expect(() => resolveAccessContext({ ...limitedKey, workspaceId: OTHER_WORKSPACE }, wanted, rule)).toThrow(
      ContextForbidden,
    );
    expect(
      resolveAccessContext(limitedKey, named({ workspaceId: WORKSPACE }), rule).workspaceRole?.name,
    ).toBe('WORKSPACE_USER');
  });

  it('may be every workspace for a key of the whole organization', () => {
    const wide = { ...limitedKey, keyWorkspaceIds: null, workspaceId: OTHER_WORKSPACE };
    expect(
      resolveAccessContext(wide, named({ workspaceId: OTHER_WORKSPACE }), rule).workspaceRole?.name,
    ).toBe('WORKSPACE_USER');
  });

  it.each([
    { refusal: MemberDisabled, stopped: { memberIsDisabled: true } },
    { refusal: OrganizationDisabled, stopped: { orgIsDisabled: true } },
  ])('is closed by $refusal.name, but only on routes that need the organization', ({ refusal, stopped }) => {
    expect(() => resolveAccessContext({ ...user, ...stopped }, NO_CONTEXT, rule)).toThrow(refusal);
    expect(resolveAccessContext({ ...user, ...stopped }, NO_CONTEXT, anywhere)).toMatchObject({
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
  const nowhere = { orgId: null, orgRole: null, workspaceId: null, workspaceRole: null, key: null };

  it.each([
    ['a person', ofPerson, { ...ofPerson }],
    [
      'a role whose permissions stand in another order',
      ofPerson,
      { ...ofPerson, workspaceRole: custom('runs:create', 'runs:read') },
    ],
    ['a key', ofKey, { ...ofKey }],
    [
      'a key whose workspaces stand in another order',
      ofKey,
      { ...ofKey, key: { ...ofKey.key, workspaceIds: [OTHER_WORKSPACE, WORKSPACE] } },
    ],
    [
      'a key for all workspaces',
      { ...ofKey, key: { ...ofKey.key, workspaceIds: null } },
      { ...ofKey, key: { ...ofKey.key, workspaceIds: null } },
    ],
    ['nowhere', nowhere, { ...nowhere }],
  ])('holds for %s that is as before', (_who, before, now) => {
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
      'a role that allows another thing',
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
    ['no place at all', ofPerson, nowhere],
    ['no key', ofKey, { ...ofKey, key: null }],
  ])('does not hold after a change to %s', (_what, before, now) => {
    expect(hasSameRights(before, now)).toBe(false);
    expect(hasSameRights(now, before)).toBe(false);
  });
});
