import type { Break } from '../break.ts';

const ORG_MEMBERS = 'src/modules/members/org-members.service.ts';
const WORKSPACE_MEMBERS = 'src/modules/members/workspace-members.service.ts';
const REPOSITORY = 'src/modules/members/memberships.repository.ts';

/** Members of organizations and workspaces: who may change whom, and that an admin remains. */
export const MEMBERS: readonly Break[] = [
  {
    id: 'members.change-role-of-superior',
    file: ORG_MEMBERS,
    find: `this.assertMayManage(principal, membership.roleId);
      await this.roles.get(`,
    replace: 'await this.roles.get(',
    why: 'An Organization Operator could demote an Organization Admin.',
    tests: ['test/e2e/accounts.e2e.ts'],
  },
  {
    id: 'members.remove-superior',
    file: ORG_MEMBERS,
    find: `this.assertMayManage(principal, membership.roleId);
      const ending`,
    replace: `const ending`,
    why: 'An Organization Operator could remove an Organization Admin.',
    tests: ['test/e2e/accounts.e2e.ts'],
  },
  {
    id: 'members.last-admin-removed',
    file: ORG_MEMBERS,
    find: `await this.memberships.removeFromOrg(principal.orgId, membershipId);
      await this.assertAdminRemains(principal.orgId);`,
    replace: 'await this.memberships.removeFromOrg(principal.orgId, membershipId);',
    why: 'The last admin could be removed, and no user could manage the organization.',
    tests: ['test/e2e/last-admin.e2e.ts'],
  },
  {
    id: 'members.last-admin-demoted',
    file: ORG_MEMBERS,
    find: `await this.events.publish(new MembersPromoted(principal.orgId, [membership.userId]));
      await this.assertAdminRemains(principal.orgId);`,
    replace: `await this.events.publish(new MembersPromoted(principal.orgId, [membership.userId]));`,
    why: 'The last admin could be demoted, and no user could manage the organization.',
    tests: ['test/e2e/last-admin.e2e.ts'],
  },
  {
    id: 'members.last-admin-is-active',
    file: REPOSITORY,
    find: 'where org_id = $1 and role_id = $2 and not is_disabled and',
    replace: 'where org_id = $1 and role_id = $2 and',
    why: 'A disabled admin would count as the one who remains.',
    tests: ['test/e2e/last-admin.e2e.ts'],
  },
  {
    id: 'members.last-admin-of-this-organization',
    file: REPOSITORY,
    find: 'where org_id = $1 and role_id = $2 and not is_disabled and',
    replace: 'where $1::uuid is not null and role_id = $2 and not is_disabled and',
    why: 'The admins of other organizations would count as the ones who remain.',
    tests: ['test/e2e/last-admin.e2e.ts'],
  },
  {
    id: 'members.remove-without-lock',
    file: ORG_MEMBERS,
    find: `): Promise<CreatedCredentials> {
    return this.transaction.as(principal, async () => {`,
    replace: `): Promise<CreatedCredentials> {
    return this.transaction.run(async () => {`,
    why: 'Two admins could remove each other at the same moment.',
    tests: ['test/e2e/last-admin.e2e.ts'],
  },
  {
    id: 'members.sessions-end-with-membership',
    file: ORG_MEMBERS,
    find: 'await this.events.publish(new MemberRemoved(principal.orgId, membership.userId));',
    replace: '',
    why: 'A removed member would stay signed in.',
    tests: ['test/e2e/sessions.e2e.ts'],
  },
  {
    id: 'members.provisioned-organization-role',
    file: ORG_MEMBERS,
    find: `if (await this.isGrantedByGroup(membership)) throw new RoleIsProvisioned();`,
    replace: '',
    why: 'A role given by a SCIM group could be changed by hand, against the identity provider.',
    tests: ['test/e2e/scim-groups.e2e.ts'],
  },
  {
    id: 'members.member-of-this-organization',
    file: REPOSITORY,
    find: `return this.orgRows.findOneBy({ orgId, id });`,
    replace: `return this.orgRows.findOneBy({ id });`,
    why: 'An admin could set the password of a member of another organization.',
    tests: ['test/e2e/accounts.e2e.ts'],
  },
  {
    id: 'members.shared-account',
    file: 'src/modules/auth/basic-members/account-rights.ts',
    find: `const { isProved } = await this.passwords.lockToChoose(userId);
    if (await this.isShared(orgId, userId)) throw new AccountIsShared();`,
    replace: 'const { isProved } = await this.passwords.lockToChoose(userId);',
    why: 'The admin of one organization could take over an account that other organizations use.',
    tests: ['test/e2e/accounts.e2e.ts'],
  },
  {
    id: 'members.shared-account-by-session',
    file: 'src/modules/auth/basic-members/basic-members.service.ts',
    find: `principal.credential.kind === 'session' && principal.userId === userId;`,
    replace: 'principal.userId === userId;',
    why: 'A leaked token of one organization would change an account that other organizations use.',
    tests: ['test/e2e/accounts.e2e.ts'],
  },
  {
    id: 'members.workspace-change-gives-too-much',
    file: WORKSPACE_MEMBERS,
    find: `await this.limits.assertWithin(principal, [{ subject: { memberId: userId }, workspaceId, roleId }]);`,
    replace: '',
    why: 'A member who may manage members could make themselves admin of the workspace.',
    tests: ['test/e2e/workspace-members.e2e.ts'],
  },
  {
    id: 'members.workspace-add-gives-too-much',
    file: WORKSPACE_MEMBERS,
    find: `await this.limits.assertWithin(principal, [{ subject, workspaceId, roleId: role, unlessMember: true }]);`,
    replace: '',
    why: 'A member who may manage members could add an admin to the workspace.',
    tests: ['test/e2e/workspace-members.e2e.ts'],
  },
  {
    id: 'members.workspace-superior',
    file: WORKSPACE_MEMBERS,
    find: `if (userId !== principal.userId) await this.limits.assertWithin(principal, [removal]);`,
    replace: 'void removal;',
    why: 'A member who may manage members could remove the admin of the workspace.',
    tests: ['test/e2e/workspace-members.e2e.ts'],
  },
  {
    id: 'members.workspace-organization-admin',
    file: WORKSPACE_MEMBERS,
    find: 'if (orgMembership?.roleId === ORG_ADMIN_ID) throw new OnlyAdminsManageAdmins();',
    replace: '',
    why: 'A workspace admin could take an Organization Admin out of the workspace.',
    tests: ['test/e2e/workspace-members.e2e.ts'],
  },
  {
    id: 'members.member-of-this-workspace',
    file: REPOSITORY,
    find: `return this.workspaceRows.findOneBy({ workspaceId, id });`,
    replace: `return this.workspaceRows.findOneBy({ id });`,
    why: 'Memberships of other workspaces and organizations would be returned as found.',
    tests: ['test/e2e/workspace-members.e2e.ts'],
  },
  {
    id: 'members.provisioned-workspace-role',
    file: WORKSPACE_MEMBERS,
    find: `if (source === 'scim') throw new RoleIsProvisioned();`,
    replace: '',
    why: 'A workspace role given by a SCIM group could be changed by hand.',
    tests: ['test/e2e/scim-groups.e2e.ts'],
  },
  {
    id: 'members.key-holds-its-own-role',
    file: 'src/modules/access/compare-access.ts',
    find: `: mayGrantOrgAdmin(principal);`,
    replace: `: principal.orgRole?.name === 'ORGANIZATION_ADMIN';`,
    why: 'A key that is Organization Admin but Viewer in workspaces could make workspace admins.',
    tests: ['test/e2e/service-keys.e2e.ts'],
  },
  {
    id: 'members.rights-in-other-workspaces',
    file: 'src/modules/user-groups/effective-roles/workspace-permissions.ts',
    find: `return new Map(workspaceIds.map((id) => [id, held(id) ?? NO_PERMISSIONS]));`,
    replace: 'return new Map(workspaceIds.map((id) => [id, held(id) ?? ALL_WORKSPACE_PERMISSIONS]));',
    why: 'Members could make keys for workspaces that they are not in.',
    tests: ['test/e2e/service-keys.e2e.ts'],
  },
  {
    id: 'members.changed-by-hand',
    file: REPOSITORY,
    find: `then \${to} else \${source} end`,
    replace: `then \${source} else \${source} end`,
    why: 'The next sign-in would take away a role that an admin has given by hand.',
    tests: ['test/e2e/sso-groups.e2e.ts'],
  },
  {
    id: 'members.counts-need-reading',
    file: 'src/modules/workspaces/workspace.mapper.ts',
    find: `workspace.permissions.includes('workspaces:read') ? counts.get(workspace.id) : undefined`,
    replace: 'counts.get(workspace.id)',
    why: 'Members who may not read the lists of a workspace would learn how many people are in it.',
    tests: ['test/e2e/workspaces.e2e.ts'],
  },
];
