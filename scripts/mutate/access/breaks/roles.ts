import type { Break } from '../break.ts';

const ROLES_SERVICE = 'src/modules/rbac/roles/roles.service.ts';
const ORG_ROLES = 'src/modules/rbac/roles/org-roles.ts';
const POLICIES = 'src/modules/rbac/policies/access-policies.repository.ts';

/** Roles, access policies, and the reports about both. `mayGrant` and the evaluation of policies are Stryker's. */
export const ROLES: readonly Break[] = [
  {
    id: 'roles.of-this-organization',
    file: 'src/modules/rbac/roles/roles.repository.ts',
    find: 'return this.rows.findBy({ orgId, id: In([...ids]) });',
    replace: 'return this.rows.findBy({ id: In([...ids]) });',
    why: 'Roles of other organizations could be given.',
    tests: ['test/e2e/service-keys.e2e.ts'],
  },
  {
    id: 'roles.scope',
    file: ROLES_SERVICE,
    find: 'if (!role || role.accessScope !== scope) throw new RoleNotFound(id);',
    replace: 'if (!role) throw new RoleNotFound(id);',
    why: 'An organization role could be given in a workspace, and the other way round.',
    tests: ['test/e2e/workspace-members.e2e.ts'],
  },
  {
    id: 'roles.grantable',
    file: ROLES_SERVICE,
    find: `if (!mayGrant(held, role.permissions)) throw new RoleNotGrantable(role.displayName);`,
    replace: '',
    why: 'Members could give roles that allow more than they hold.',
    tests: ['test/e2e/workspace-members.e2e.ts'],
  },
  {
    id: 'roles.admins-only',
    file: 'src/modules/rbac/roles/org-admins-only.guard.ts',
    find: `if (!caller || !mayGrantOrgAdmin(caller)) throw new Refusal();`,
    replace: 'if (!caller) throw new Refusal();',
    why: 'An Organization Operator could write a role that allows everything.',
    tests: ['test/e2e/roles.e2e.ts'],
  },
  {
    id: 'roles.ordinary',
    file: ORG_ROLES,
    find: `mayGrantOrgAdmin(caller) || isOrdinaryRole(orgRoleId);`,
    replace: `mayGrantOrgAdmin(caller) || orgRoleId.length > 0;`,
    why: 'An Organization Operator could make Organization Admins.',
    tests: ['test/e2e/accounts.e2e.ts'],
  },
  {
    id: 'roles.key-below-admin',
    file: ORG_ROLES,
    find: 'isOrgAdmin(caller) && (!caller.key || mayGrant(caller.key.role.permissions, ALL_WORKSPACE_PERMISSIONS));',
    replace: 'isOrgAdmin(caller);',
    why: 'A key with few rights in workspaces could make admins who have all of them.',
    tests: ['test/e2e/service-keys.e2e.ts'],
  },
  {
    id: 'roles.policies-of-this-organization',
    file: POLICIES,
    find: 'where p.org_id = $1 and a.role_id = $2',
    replace: 'where $1::uuid is not null and a.role_id = $2',
    why: 'A policy that another organization attached to a system role would decide here.',
    tests: ['test/e2e/access-check.e2e.ts'],
  },
  {
    id: 'roles.policy-of-this-organization',
    file: POLICIES,
    find: 'this.policies.findBy({ orgId, id: In([...ids]) })',
    replace: 'this.policies.findBy({ id: In([...ids]) })',
    why: 'Policies of other organizations could be read and attached.',
    tests: ['test/e2e/access-policies.e2e.ts'],
  },
  {
    id: 'roles.policy-removed-here',
    file: POLICIES,
    find: 'await this.policies.delete({ orgId, id });',
    replace: 'await this.policies.delete({ id });',
    why: 'Policies of other organizations could be deleted.',
    tests: ['test/e2e/access-policies.e2e.ts'],
  },
  {
    id: 'roles.access-check-of-others',
    file: 'src/modules/directory/access-check/access-check.service.ts',
    find: 'if (!managesOrg && member?.userId !== principal.userId)',
    replace: 'if (!managesOrg && !member)',
    why: 'Every member could ask what others may do.',
    tests: ['test/e2e/access-check.e2e.ts'],
  },
  {
    id: 'roles.access-check-disabled',
    file: 'src/modules/directory/access-check/access-check.service.ts',
    find: `if (!role || member.isDisabled) return { ...NOT_GRANTED, role };`,
    replace: `if (!role) return { ...NOT_GRANTED, role };`,
    why: 'Other services would be told that a disabled member may do things.',
    tests: ['test/e2e/access-check.e2e.ts'],
  },
  {
    id: 'roles.access-report-of-others',
    file: 'src/modules/directory/member-access/member-access-report.read-model.ts',
    find: `if (!principal.can('organization:manage') && member?.userId !== principal.userId)`,
    replace: `if (!principal.can('organization:manage') && !member)`,
    why: 'Every member could read where the rights of others came from.',
    tests: ['test/e2e/member-access.e2e.ts'],
  },
  {
    id: 'roles.workspaces-of-others',
    file: 'src/modules/directory/enriched-members/enriched-members.read-model.ts',
    find: `if (canSeeAllWorkspaces(principal)) return null;`,
    replace: 'if (principal.orgId) return null;',
    why: 'Members would see who is in workspaces that they are not in themselves.',
    tests: ['test/e2e/enriched-members.e2e.ts'],
  },
];
