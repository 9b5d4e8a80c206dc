import { describe, expect, it } from '@jest/globals';
import { isOrgAdmin, mayManageOrgRole } from './org-roles.js';
import { SYSTEM_ROLES, type SystemRoleName, systemRole } from './system-roles.js';

const caller = (name: SystemRoleName) => {
  const { id, permissions } = systemRole(name);
  return { orgRole: { id, name, permissions: new Set(permissions) }, key: null };
};
const ORG_ROLES = SYSTEM_ROLES.filter(({ accessScope }) => accessScope === 'organization');

describe('mayManageOrgRole', () => {
  it.each(ORG_ROLES)('an admin may manage $displayName', ({ id }) => {
    expect(mayManageOrgRole(caller('ORGANIZATION_ADMIN'), id)).toBe(true);
  });

  it.each([
    ['ORGANIZATION_ADMIN', false],
    ['ORGANIZATION_OPERATOR', false],
    ['ORGANIZATION_USER', true],
    ['ORGANIZATION_VIEWER', true],
  ] as const)('an operator may manage %s: %s', (name, allowed) => {
    expect(mayManageOrgRole(caller('ORGANIZATION_OPERATOR'), systemRole(name).id)).toBe(allowed);
  });

  it('a caller without an organization role is no admin', () => {
    expect(isOrgAdmin({ orgRole: null })).toBe(false);
  });
});
