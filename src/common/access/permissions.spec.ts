import { describe, expect, it } from '@jest/globals';
import { ALL_WORKSPACE_PERMISSIONS, isPermission, permissionScope, PERMISSIONS } from './permissions.js';

const names = PERMISSIONS.map(({ name }) => name);

describe('PERMISSIONS', () => {
  it('lists the 123 permissions of the contract, each once', () => {
    expect(names).toHaveLength(123);
    expect(new Set(names).size).toBe(123);
  });

  it('lists eleven permissions of the organization and 112 of the workspace', () => {
    expect(names.filter((name) => permissionScope(name) === 'organization')).toEqual([
      'organization:manage',
      'organization:read',
      'organization:read-metadata',
      'organization:manage-model-configs',
      'organization:manage-model-secrets',
      'organization:pats:create',
      'organization:user-groups:read',
      'organization:user-groups:manage',
      'organization:user-groups:manage-members',
      'organization:user-groups:manage-grants',
      'organization:user-groups:manage-policies',
    ]);
    expect(ALL_WORKSPACE_PERMISSIONS.size).toBe(112);
  });

  it('names each permission as resource and action, in lower case', () => {
    expect(names.filter((name) => !/^[a-z-]+(:[a-z-]+){1,2}$/.test(name))).toEqual([]);
  });

  it('describes each permission in one short, unique sentence', () => {
    const descriptions = PERMISSIONS.map(({ description }) => description);
    expect(descriptions.filter((text) => !/^[A-Z][^.]{5,70}\.$/.test(text))).toEqual([]);
    expect(new Set(descriptions).size).toBe(123);
  });
});

describe('isPermission', () => {
  it('accepts every permission of the list', () => {
    expect(names.filter((name) => !isPermission(name))).toEqual([]);
  });

  it.each([
    ['an old name', 'fleet-admin:read'],
    ['a name that is documented and not in the list', 'organization:pats:read'],
    ['capitals', 'Workspaces:Read'],
    ['a wildcard', 'workspaces:*'],
    ['a resource alone', 'workspaces'],
    ['an inherited property', 'constructor'],
    ['an empty text', ''],
  ])('refuses %s as a permission', (_what, text) => {
    expect(isPermission(text)).toBe(false);
  });
});
