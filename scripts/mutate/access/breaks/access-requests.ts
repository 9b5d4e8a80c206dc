import type { Break } from '../break.ts';

const MODULE = 'src/modules/access-requests';
const TERMS = `${MODULE}/deciding/approval-terms.ts`;
const DECIDE = `${MODULE}/deciding/decide-access-request.ts`;
const TESTS = ['test/e2e/access-requests.e2e.ts'];

/** Access that members ask for: that an approval gives no more than was asked for, and no member decides their own. */
export const ACCESS_REQUESTS: readonly Break[] = [
  {
    id: 'access-requests.not-ones-own',
    file: DECIDE,
    find: 'madeByUserId === null || madeByUserId === request.requesterId',
    replace: 'madeByUserId === null',
    why: 'Members could approve their own requests, also with keys that they made while they were admins.',
    tests: TESTS,
  },
  {
    id: 'access-requests.known-maker',
    file: DECIDE,
    find: 'madeByUserId === null || madeByUserId === request.requesterId',
    replace: 'madeByUserId === request.requesterId',
    why: 'A key whose maker is unknown may have been made by the requester.',
    tests: TESTS,
  },
  {
    id: 'access-requests.seen-by-who-could-grant-everywhere',
    file: `${MODULE}/deciding/decidable-requests.ts`,
    find: 'changes[index]?.every(',
    replace: 'changes[index]?.some(',
    why: 'Who manages one workspace of a user group could let people into the others.',
    tests: TESTS,
  },
  {
    id: 'access-requests.user-groups-where-they-are-on',
    file: `${MODULE}/core/access-targets.read-model.ts`,
    find: 'join organizations o on o.id = g.org_id and o.can_use_user_groups',
    replace: 'join organizations o on o.id = g.org_id',
    why: 'Members could ask for user groups that their organization may not use.',
    tests: TESTS,
  },
  {
    id: 'access-requests.seen-by-who-could-grant',
    file: `${MODULE}/deciding/decidable-requests.ts`,
    find: '(change) => excessOf(change) === null',
    replace: '(change) => excessOf(change) !== undefined',
    why: 'Whoever adds weak members would see, and could decline, requests for more than they could give.',
    tests: TESTS,
  },
  {
    id: 'access-requests.only-requestable',
    file: `${MODULE}/core/access-targets.read-model.ts`,
    find: 'where w.org_id = $1 and w.requestable',
    replace: 'where w.org_id = $1',
    why: 'Members would learn the names of all workspaces.',
    tests: TESTS,
  },
  {
    id: 'access-requests.no-restricted-roles',
    file: `${MODULE}/core/requestable-roles.ts`,
    find: `role.accessScope === 'workspace' && !role.isRestricted`,
    replace: `role.accessScope === 'workspace'`,
    why: 'Members could ask for roles whose assignment the organization has restricted.',
    tests: TESTS,
  },
  {
    id: 'access-requests.no-more-than-requested',
    file: TERMS,
    find: 'if (!(await this.roles.isWithin(orgId, { id: given, otherId: roleId })))',
    replace: 'if (given === orgId)',
    why: 'An approval could give more than the member has asked for.',
    tests: TESTS,
  },
  {
    id: 'access-requests.role-unchanged-since',
    file: TERMS,
    find: '!target || target.roleId !== fromRoleId',
    replace: '!target',
    why: 'An old request would replace a role that was given since.',
    tests: TESTS,
  },
  {
    id: 'access-requests.decided-once',
    file: `${MODULE}/core/access-requests.repository.ts`,
    find: `where id = $1 and state = 'pending' and expires_at > now()`,
    replace: 'where id = $1',
    why: 'A request that was withdrawn, or has expired, could still be withdrawn or decided.',
    tests: TESTS,
  },
];
