import type { Break } from '../break.ts';

const SETTINGS = 'src/modules/settings/org-settings.service.ts';
const ROLES = 'src/modules/scim/roles/scim-roles.repository.ts';
const USER_ROLES = 'src/modules/scim/roles/user-roles.repository.ts';
const REREAD = 'src/modules/scim/roles/reread-roles.ts';
const VALUES = 'src/modules/scim/roles/role-values.ts';
const SERVICE = 'src/modules/scim/roles/scim-roles.service.ts';
const USERS = 'src/modules/scim/users/scim-users.service.ts';
const TESTS = ['test/e2e/scim-roles.e2e.ts'];
const OFF_BOARDING = ['test/e2e/scim-required-attributes.e2e.ts'];
const ENTRA = ['test/e2e/scim-entra.e2e.ts'];

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
    file: REREAD,
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
    id: 'scim-roles.last-of-two',
    file: VALUES,
    find: 'kept.set(key, { text, role, value });',
    replace: 'if (!before) kept.set(key, { text, role, value });',
    why: 'A role that a provider adds in a place would not replace the higher one that the user has there.',
    tests: TESTS,
  },
  {
    id: 'scim-roles.named-by-callers-who-could-give',
    file: REREAD,
    find: '&& excessOf(changeOf(one)) === null',
    replace: '&& excessOf(changeOf(one)) !== undefined',
    why: 'The admin of one workspace could give prepared people roles in another one by renaming their own.',
    tests: TESTS,
  },
  {
    id: 'scim-roles.named-for-admins',
    file: REREAD,
    find: '(mayGrantOrgAdmin(by) || isOrdinary(one))',
    replace: '(mayGrantOrgAdmin(by) || isOrdinary(one) || true)',
    why: 'An operator could change what Organization Admins have in workspaces, by the name of one.',
    tests: TESTS,
  },
  {
    id: 'scim-roles.named-while-off',
    file: USER_ROLES,
    find: `
      and exists (select from organizations where id = $1 and scim_roles_enabled)`,
    replace: '',
    why: 'A renamed workspace would change stored roles of an organization that has not switched them on.',
    tests: TESTS,
  },
  {
    id: 'scim-roles.sent-again',
    file: SERVICE,
    find: 'const names = confirmedNames(found, before.roles);',
    replace: 'const names = confirmedNames(found, []);',
    why: 'A name that somebody without the role has given a meaning would give it at the next synchronization.',
    tests: TESTS,
  },
  {
    id: 'scim-roles.kept-by-limited-token',
    file: SERVICE,
    find: 'role !== null || makesAdmins || stored.includes(text)',
    replace: 'role !== null || makesAdmins || text !== null',
    why: 'A token of an operator could prepare an admin for a workspace that somebody else creates.',
    tests: TESTS,
  },
  {
    id: 'scim-roles.reason-in-record',
    file: SERVICE,
    find: 'readRoleValues(roles, confirmedNames(names, roles)).ignored',
    replace: 'readRoleValues(roles, names).ignored',
    why: 'The record would not say why a role has no effect that an admin has to confirm.',
    tests: TESTS,
  },
  {
    id: 'scim-roles.record-while-off',
    file: 'src/modules/scim/records/scim-records.read-model.ts',
    find: 'where id = $1 and scim_roles_enabled) as roles',
    replace: 'where id = $1) as roles',
    why: 'The record would speak of roles that have no effect anyway.',
    tests: TESTS,
  },
  {
    id: 'scim-roles.counted-while-off',
    file: 'src/modules/scim/roles/counts-per-workspace.read-model.ts',
    find: 'where o.id = $1 and o.scim_roles_enabled and',
    replace: 'where o.id = $1 and',
    why: 'Admins would be warned of roles that have no effect.',
    tests: TESTS,
  },
  {
    id: 'scim-roles.json-of-entra',
    file: VALUES,
    find: `if (!value.startsWith('{')) return value;`,
    replace: `if (value !== '') return value;`,
    why: 'Roles that Entra ID changes would give nothing.',
    tests: ENTRA,
  },
  {
    id: 'scim-roles.the-one-role',
    file: VALUES,
    find: 'roles.length === 1 && filters.some(selectsPrimary)',
    replace: 'roles.length === 0 && filters.some(selectsPrimary)',
    why: 'A user whose one role Entra ID replaces would keep the former one.',
    tests: ENTRA,
  },
  {
    id: 'scim-roles.selected-role-counts',
    file: VALUES,
    find: 'if (filters.length === 0 || !Array.isArray(after.roles)) return after;',
    replace: 'if (filters.length >= 0 || !Array.isArray(after.roles)) return after;',
    why: 'A lower role that Entra ID writes over the primary one would have no effect.',
    tests: ENTRA,
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
  {
    id: 'scim-roles.names-in-nfc',
    file: 'src/common/place-name.ts',
    find: "name.normalize('NFC')",
    replace: 'name',
    why: 'A group or role of a workspace would give nothing where a provider writes its name in another Unicode form.',
    tests: TESTS,
  },
  {
    id: 'scim-roles.names-without-direction',
    file: 'src/common/place-name.ts',
    find: ' \\-_',
    replace: '\\u202e \\-_',
    why: 'A name of a workspace could reorder the text around it.',
    tests: ['test/e2e/workspaces.e2e.ts'],
  },
];
