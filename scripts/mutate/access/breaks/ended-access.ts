import type { Break } from '../break.ts';

const PRINCIPALS = 'src/modules/auth/authentication/principals.repository.ts';
const LOADER = 'src/modules/auth/authentication/principal-loader.ts';
const GROUP_ROLES = 'src/modules/user-groups/effective-roles/user-group-roles.repository.ts';
const MEMBERSHIPS = 'src/modules/members/memberships.repository.ts';
const tests = ['test/e2e/access-ends.e2e.ts'];

/** Memberships and roles that end at a date. */
export const ENDED_ACCESS: readonly Break[] = [
  {
    id: 'ended-access.membership-of-the-caller',
    file: PRINCIPALS,
    find: "named: 'left join current_org_memberships m",
    replace: "named: 'left join org_memberships m",
    why: 'A membership would give its rights until a job has removed it.',
    tests,
  },
  {
    id: 'ended-access.cached-callers',
    file: PRINCIPALS,
    find: "['m.access_expires_at', 'w.ends_at', 'g.ends_at']",
    replace: "['w.ends_at', 'g.ends_at']",
    why: 'A replica that has recognized the caller before the end would not see it for a minute.',
    tests,
  },
  {
    id: 'ended-access.roles-of-groups',
    file: GROUP_ROLES,
    find: 'where user_id = m.user_id and workspace_id = w.id and ends_at > now()',
    replace: 'where user_id = m.user_id and workspace_id = w.id',
    why: 'The role of a group would stay after the end of the membership in the group, or of the grant.',
    tests,
  },
  {
    id: 'ended-access.permanent-admin',
    file: MEMBERSHIPS,
    find: 'role_id = $2 and access_expires_at is null and not is_disabled',
    replace: 'role_id = $2 and not is_disabled',
    why: 'An organization whose last admin is temporary would have none after the end.',
    tests,
  },
  {
    id: 'ended-access.end-while-waiting-for-the-lock',
    file: LOADER,
    find: 'current.hasEnded || ',
    replace: '',
    why: 'A change that waited for the lock would be made with rights that have ended meanwhile.',
    tests,
  },
  {
    id: 'ended-access.own-end',
    file: 'src/modules/members/role-ends.service.ts',
    find: 'if (principal.madeByUserId === held.userId && isLonger(held, after)) throw new OwnAccessEnd();',
    replace: '',
    why: 'A temporary admin could stay admin for ever.',
    tests: ['test/e2e/temporary-roles.e2e.ts'],
  },
  {
    id: 'ended-access.own-end-by-key',
    file: 'src/modules/members/role-ends.service.ts',
    find: 'principal.madeByUserId === held.userId',
    replace: 'principal.userId === held.userId',
    why: 'A temporary admin could stay admin for ever by a service key that they have made.',
    tests: ['test/e2e/temporary-roles.e2e.ts'],
  },
  {
    id: 'ended-access.later-end-is-given',
    file: 'src/modules/members/role-end.ts',
    find: "...(end === 'given' ?",
    replace: "...(end === null && after.roleId === '' ?",
    why: 'Callers could keep up a role that has permissions which they do not hold.',
    tests: ['test/e2e/temporary-roles.e2e.ts'],
  },
  {
    id: 'ended-access.reversion-within-the-role',
    file: 'src/modules/members/role-ends.service.ts',
    find: 'if (!mayGrant(new Set(role.permissions), next.permissions))',
    replace: 'if (role.permissions.length < 0 && !mayGrant(new Set(role.permissions), next.permissions))',
    why: 'The end of a role could give more than the role.',
    tests: ['test/e2e/temporary-roles.e2e.ts'],
  },
  {
    id: 'ended-access.of-access-checks',
    file: 'src/modules/directory/access-check/access-facts.read-model.ts',
    find: 'left join current_workspace_memberships v',
    replace: 'left join workspace_memberships v',
    why: 'Access checks and AuthZEN would allow what has ended.',
    tests: ['test/e2e/member-access.e2e.ts'],
  },
  {
    id: 'ended-access.of-searches',
    file: 'src/modules/authzen/search/candidates.read-model.ts',
    find: 'v.access_expires_at <= now() and v.reverts_to_role_id = r.role_id',
    replace: 'false and v.reverts_to_role_id = r.role_id',
    why: 'Searches would miss who has a role since the end of another one.',
    tests: ['test/e2e/authzen-searches.e2e.ts'],
  },
  {
    id: 'ended-access.of-explanations',
    file: 'src/modules/directory/member-access/member-access.statements.ts',
    find: 'join current_workspace_memberships h',
    replace: 'join workspace_memberships h',
    why: 'The explanation of access would show what has ended.',
    tests: ['test/e2e/member-access.e2e.ts'],
  },
  {
    id: 'ended-access.sessions-after-the-end',
    file: 'src/modules/members/ended-memberships.ts',
    find: 'for (const { userId } of left) await',
    replace: 'for (const { userId } of left.slice(0, 0)) await',
    why: 'Sessions and passwords of people whose only membership has ended would stay.',
    tests,
  },
  {
    id: 'ended-access.remembered',
    file: 'src/modules/members/ended-memberships.repository.ts',
    find: 'select org_id, "userId", id, "roleId", "endedAt", "setBy" from removed',
    replace: 'select org_id, "userId", id, "roleId", "endedAt", "setBy" from removed where org_id is null',
    why: 'Whoever signs in after the end would be provisioned again.',
    tests,
  },
  {
    id: 'ended-access.of-enriched-lists',
    file: 'src/modules/directory/enriched-members/enriched-member-filter.statements.ts',
    find: "member: `${ALL_MEMBERS} and m.id not in (${endedInOrg('$1')})`",
    replace: 'member: ALL_MEMBERS',
    why: 'Lists would show people whose access has ended.',
    tests: ['test/e2e/enriched-members.e2e.ts'],
  },
  {
    id: 'ended-access.of-roles-in-enriched-lists',
    file: 'src/modules/directory/enriched-members/enriched-member-filter.statements.ts',
    find: 'case when ${membership}.access_expires_at <= now() then ${membership}.reverts_to_role_id',
    replace: 'case when false then ${membership}.reverts_to_role_id',
    why: 'A filter by role would find people by a role that has ended.',
    tests: ['test/e2e/enriched-members.e2e.ts'],
  },
];
