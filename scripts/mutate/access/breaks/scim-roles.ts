import type { Break } from '../break.ts';

const SETTINGS = 'src/modules/settings/org-settings.service.ts';
const ROLES = 'src/modules/scim/roles/scim-roles.repository.ts';
const USER_ROLES = 'src/modules/scim/roles/user-roles.repository.ts';
const SWITCH = 'src/modules/scim/roles/switch-scim-roles.ts';
const USERS = 'src/modules/scim/users/scim-users.service.ts';
const TESTS = ['test/e2e/scim-roles.e2e.ts'];
const OFF_BOARDING = ['test/e2e/scim-required-attributes.e2e.ts'];

/** The attribute `roles` of SCIM users. */
export const SCIM_ROLES: readonly Break[] = [
  {
    id: 'scim-roles.switched-by-admins',
    file: SETTINGS,
    find: 'if (switchesRoles && !mayGrantOrgAdmin(principal)) throw new OnlyAdminsSwitchScimRoles();',
    replace: '',
    why: 'An operator could let an identity provider make Organization Admins.',
    tests: TESTS,
  },
  {
    id: 'scim-roles.off',
    file: USER_ROLES,
    find: 'where o.id = $1 and o.scim_roles_enabled and s.org_id = o.id',
    replace: 'where o.id = $1 and s.org_id = o.id',
    why: 'Switching roles off would not take what the attribute gave.',
    tests: TESTS,
  },
  {
    id: 'scim-roles.written-by-limited-token',
    file: SWITCH,
    find: 'if (user.areConfirmed) return',
    replace: 'return',
    why: 'Switching roles on would make an admin of whom a token of an operator had named one before.',
    tests: TESTS,
  },
  {
    id: 'scim-roles.workspace-of-organization',
    file: ROLES,
    find: 'left join workspaces w on w.id = ids.workspace_id and w.org_id = $1',
    replace: 'left join workspaces w on w.id = ids.workspace_id',
    why: 'A token could give roles in workspaces of another organization, and read their names.',
    tests: TESTS,
  },
  {
    id: 'scim-roles.name-counts',
    file: ROLES,
    find: 'const [row, ...others] = rows.filter(({ counts }) => counts);',
    replace: 'const [row, ...others] = rows;',
    why: 'Whoever renames a workspace would get the people whom the provider means for another one.',
    tests: TESTS,
  },
  {
    id: 'scim-roles.ambiguous-name',
    file: ROLES,
    find: `if (others.length > 0) return 'ambiguous';`,
    replace: '',
    why: 'A name of two workspaces would give the role in either of them.',
    tests: TESTS,
  },
  {
    id: 'scim.off-boarding',
    file: USERS,
    find: 'if (!refused || !leavesInactive(current, edit)) throw error;',
    replace: 'if (!refused || !leavesInactive(current, edit) || refused) throw error;',
    why: 'Whoever has left would keep their access while something else in the request is refused.',
    tests: OFF_BOARDING,
  },
  {
    id: 'scim.off-boarding-only',
    file: 'src/modules/scim/roles/user-edit.ts',
    find: 'return hasEnded || active === false;',
    replace: 'return hasEnded || active !== undefined;',
    why: 'Changes of active users that are refused would look as if they were done.',
    tests: OFF_BOARDING,
  },
  {
    id: 'scim.off-boarding-names-what-is-left',
    file: USERS,
    find: '{ left_unchanged: [...left] }',
    replace: '{}',
    why: 'The audit log would not say that a value of the provider was not taken.',
    tests: OFF_BOARDING,
  },
  {
    id: 'scim.off-boarding-leaves-other-logins',
    file: 'src/modules/scim/users/scim-accounts.ts',
    find: `new LoginAlreadyInUse().message, { attributes: ['externalId'] }`,
    replace: 'new LoginAlreadyInUse().message, {}',
    why: 'Whoever has left would keep their access while the provider sends the subject of another account.',
    tests: ['test/e2e/scim-sign-in.e2e.ts'],
  },
];
