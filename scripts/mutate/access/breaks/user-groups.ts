import type { Break } from '../break.ts';

const FOLDER = 'src/modules/user-groups';
const LIMITS = `${FOLDER}/core/user-group-limits.ts`;
const ACCESS = `${FOLDER}/core/user-group-access.ts`;
const MEMBERS = `${FOLDER}/core/user-group-members.statements.ts`;
const POLICY_RIGHTS = `${FOLDER}/policies/policy-rights.ts`;
const GROUP_ROLES = `${FOLDER}/effective-roles/group-roles.statements.ts`;
const SYNCHRONIZED = `${FOLDER}/synchronization/synchronized-members.statements.ts`;
const ROLES_REPOSITORY = `${FOLDER}/effective-roles/user-group-roles.repository.ts`;

export const USER_GROUPS: readonly Break[] = [
  {
    id: 'user-groups.no-membership-by-groups',
    file: 'src/modules/auth/authentication/access-context.ts',
    find: 'if (!own || !found.groupRoleIds) return own;',
    replace: `if (!found.groupRoleIds) return own;
  if (!own) return heldRole(found.groupRoleIds[0] ?? null, found.groupCustomPermissions);`,
    why: 'A group would make its members members of a workspace.',
    tests: ['src/modules/auth/authentication/access-context.spec.ts'],
  },
  {
    id: 'user-groups.roles-of-this-workspace',
    file: GROUP_ROLES,
    find: 'where user_id = m.user_id and workspace_id = w.id) t',
    replace: 'where user_id = m.user_id and w.id is not null) t',
    why: 'The role of a group in one workspace would count in every other one.',
    tests: ['test/e2e/user-group-permissions.e2e.ts'],
  },
  {
    id: 'user-groups.feature-of-callers',
    file: GROUP_ROLES,
    find: 'on w.role_id is not null and o.can_use_user_groups',
    replace: 'on w.role_id is not null',
    why: 'Groups would count in an organization without the feature.',
    tests: ['test/e2e/user-group-permissions.e2e.ts'],
  },
  {
    id: 'user-groups.nothing-above-the-callers-rights',
    file: LIMITS,
    find: 'if (!mayGrant(own, concerned)) throw new UserGroupExceedsRights();',
    replace: 'if (!mayGrant(own, []) && concerned.length > 0) throw new UserGroupExceedsRights();',
    why: 'Operators could give themselves and others any role by a group.',
    tests: ['test/e2e/user-group-guards.e2e.ts'],
  },
  {
    id: 'user-groups.policies-count',
    file: LIMITS,
    find: '...role.permissions, ...permissionsOfPolicies(policies, workspaceId, effect)',
    replace: '...role.permissions, ...permissionsOfPolicies([], workspaceId, effect)',
    why: 'Operators could give what a policy allows, and release members from one that denies.',
    tests: ['test/e2e/user-group-guards.e2e.ts'],
  },
  {
    id: 'user-groups.restricted-roles',
    file: LIMITS,
    find: `if (effect === 'give' && isOutOfReach(own, role))`,
    replace: `if (effect !== 'give' && isOutOfReach(own, role))`,
    why: 'A group would give restricted roles to members of callers who do not manage the workspace.',
    tests: ['test/e2e/user-group-policies.e2e.ts'],
  },
  {
    id: 'user-groups.limits-of-new-grants',
    file: `${FOLDER}/grants/user-group-grants.service.ts`,
    find: `await this.limits.assertMayGrant(principal, group, given, 'give');
      if (!isNew)`,
    replace: 'if (!isNew)',
    why: 'Operators could give a group a role that they do not hold.',
    tests: ['test/e2e/user-group-guards.e2e.ts'],
  },
  {
    id: 'user-groups.limits-of-changed-grants',
    file: `${FOLDER}/grants/user-group-grants.service.ts`,
    find: `      await this.limits.assertMayGrant(principal, group, given, 'give');
      await this.groups.changeGrant`,
    replace: '      await this.groups.changeGrant',
    why: 'Operators could raise the role of a group that they are in.',
    tests: ['test/e2e/user-group-guards.e2e.ts'],
  },
  {
    id: 'user-groups.limits-of-members',
    file: `${FOLDER}/members/user-group-members.service.ts`,
    find: `await this.limits.assertMayChange(principal, group, 'give');`,
    replace: '',
    why: 'Operators could join a group with more rights than they have.',
    tests: ['test/e2e/user-group-guards.e2e.ts'],
  },
  {
    id: 'user-groups.permission-in-the-workspace-of-the-child',
    file: ACCESS,
    find: 'if (group?.workspaceId) await this.assertHolds(principal, group.workspaceId, required.workspace);',
    replace:
      'if (group?.workspaceId) await this.assertHolds(principal, principal.workspaceId ?? group.workspaceId, required.workspace);',
    why: 'An admin of one workspace could extend the groups of every other one.',
    tests: ['test/e2e/user-group-members.e2e.ts'],
  },
  {
    id: 'user-groups.of-this-organization',
    file: `${FOLDER}/core/user-groups.repository.ts`,
    find: 'return this.rows.findOneBy({ orgId, id });',
    replace: 'return this.rows.findOneBy({ id, ...(orgId ? {} : { orgId }) });',
    why: "Callers could read and change other organizations' groups.",
    tests: ['test/e2e/user-groups.e2e.ts'],
  },
  {
    id: 'user-groups.identities-of-this-organization',
    file: MEMBERS,
    find: 'left join org_memberships o on o.id = g.id and o.org_id = $1',
    replace: 'left join org_memberships o on o.id = g.id and $1::uuid is not null',
    why: 'The answer would tell whether another organization has an identity.',
    tests: ['test/e2e/user-group-members.e2e.ts'],
  },
  {
    id: 'user-groups.children-take-members-of-the-workspace',
    file: MEMBERS,
    find: '$3::uuid is null or w.id is not null as is_eligible',
    replace: 'true as is_eligible',
    why: 'Workspace admins could put people into a group who are not in their workspace.',
    tests: ['test/e2e/user-group-members.e2e.ts'],
  },
  {
    id: 'user-groups.operators-do-not-manage-policies',
    file: POLICY_RIGHTS,
    find: 'if (!workspaceId || isOperator(principal))',
    replace: 'if (!workspaceId)',
    why: 'Operators would change the rules that apply to them.',
    tests: ['test/e2e/user-group-policies.e2e.ts'],
  },
  {
    id: 'user-groups.policies-of-the-organization-by-admins',
    file: POLICY_RIGHTS,
    find: 'if (!workspaceId || isOperator(principal)) throw',
    replace: 'if (!workspaceId) return ALL_WORKSPACE_PERMISSIONS;\n    if (isOperator(principal)) throw',
    why: 'Operators could allow everything by a policy of a group.',
    tests: ['test/e2e/user-group-policies.e2e.ts'],
  },
  {
    id: 'user-groups.policies-of-the-workspace',
    file: ROLES_REPOSITORY,
    find: 'and (a.workspace_id is null or a.workspace_id = g.workspace_id)',
    replace: '',
    why: 'A policy for one workspace would allow in every workspace of the group.',
    tests: ['test/e2e/user-group-policies.e2e.ts'],
  },
  {
    id: 'user-groups.scim-changes-its-own-members',
    file: SYNCHRONIZED,
    find: `m.source = 'scim' and m.user_id = any($3)`,
    replace: 'm.user_id = any($3)',
    why: 'The identity provider would remove members whom an admin added by hand.',
    tests: ['test/e2e/user-group-sync.e2e.ts'],
  },
  {
    id: 'user-groups.sign-in-changes-its-own-members',
    file: SYNCHRONIZED,
    find: `m.source = 'sso_group' and m.user_id = $2`,
    replace: 'm.user_id = $2',
    why: 'A sign-in would remove members whom an admin added by hand.',
    tests: ['test/e2e/user-group-claims.e2e.ts'],
  },
  {
    id: 'user-groups.reach-of-scim-tokens',
    file: 'src/modules/scim/groups/followed-groups.ts',
    find: 'if (principal.makesAdmins) return;',
    replace: 'if (principal.orgId) return;',
    why: "An operator's SCIM token could give every role that a user group has.",
    tests: ['test/e2e/user-group-sync.e2e.ts'],
  },
  {
    id: 'user-groups.limits-of-synchronization',
    file: `${FOLDER}/groups/follow-idp-group.ts`,
    find: `await this.limits.assertMayChange(principal, after, 'give');`,
    replace: '',
    why: 'Operators could fill a group with more rights than theirs from the identity provider.',
    tests: ['test/e2e/user-group-sync.e2e.ts'],
  },
  {
    id: 'user-groups.limits-of-ending-synchronization',
    file: `${FOLDER}/groups/follow-idp-group.ts`,
    find: `await this.limits.assertMayChange(principal, after, 'give');`,
    replace: `if (followed !== null) await this.limits.assertMayChange(principal, after, 'give');`,
    why: 'Operators could keep members whom the identity provider removes in a group with more rights than theirs.',
    tests: ['test/e2e/user-group-sync.e2e.ts'],
  },
  {
    id: 'user-groups.policies-in-reach-of-scim-tokens',
    file: 'src/modules/scim/tokens/scim-token-scope.ts',
    find: '[...role.permissions, ...policyPermissions]',
    replace: 'role.permissions',
    why: "An operator's SCIM token could give what policies allow, and release members from those that deny.",
    tests: ['test/e2e/user-group-sync.e2e.ts'],
  },
  {
    id: 'user-groups.policies-of-children',
    file: LIMITS,
    find: `{ withChildren: effect === 'end' }`,
    replace: '{ withChildren: false }',
    why: 'Operators could end policies of a child that deny more than they hold, by removing its grant or parent.',
    tests: ['test/e2e/user-group-guards.e2e.ts'],
  },
  {
    id: 'user-groups.synchronized-members-stay',
    file: `${FOLDER}/members/user-group-members.service.ts`,
    find: `if (member.source !== 'manual' && group.idpSyncEnabled)`,
    replace: `if (member.source !== 'manual' && !group.idpSyncEnabled)`,
    why: 'Members whom the identity provider put into a group would leave it until their next change there.',
    tests: ['test/e2e/user-group-sync.e2e.ts'],
  },
];
