import type { Break } from '../break.ts';

const RIGHTS = 'src/modules/access-answers/authzen/asking-rights.ts';
const FACTS = 'src/modules/access-answers/decisions/access-facts.read-model.ts';
const VIEW = 'src/database/schema/views.sql';
const EVALUATIONS = ['test/e2e/authzen.e2e.ts'];
const SEARCHES = ['test/e2e/authzen-searches.e2e.ts'];
const QUESTIONS = 'src/modules/access-answers/authzen/question.mapper.ts';
const CANDIDATES = 'src/modules/access-answers/search/candidates.read-model.ts';
const PLANS = ['test/architecture/list-plans.spec.ts'];

/** Who may ask AuthZEN about whom, and facts of its decisions that the access check does not need. */
export const AUTHZEN: readonly Break[] = [
  {
    id: 'authzen.about-others',
    file: RIGHTS,
    find: '(readsOrg && subject !== undefined && isCaller(principal, subject)) ||',
    replace: '(readsOrg && subject !== undefined) ||',
    why: 'Every member could ask what any other member may do.',
    tests: EVALUATIONS,
  },
  {
    id: 'authzen.about-other-keys',
    file: RIGHTS,
    find: `credential.kind === 'service-key' && subject.id === credential.id`,
    replace: `credential.kind === 'service-key' && subject.id !== ''`,
    why: 'Every key that reads the organization could ask what any other key may do.',
    tests: EVALUATIONS,
  },
  {
    id: 'authzen.about-oneself-without-the-right',
    file: RIGHTS,
    find: 'readsOrg && subject !== undefined && isCaller(principal, subject)',
    replace: 'readsOrg !== undefined && subject !== undefined && isCaller(principal, subject)',
    why: 'A key of one workspace could find out which others exist.',
    tests: EVALUATIONS,
  },
  {
    id: 'authzen.managed-workspaces',
    file: RIGHTS,
    find: '(managed?.includes(workspaceId) ?? true);',
    replace: '(managed === null || managed.length > 0);',
    why: 'Who manages the members of one workspace could ask about all others.',
    tests: EVALUATIONS,
  },
  {
    id: 'authzen.workspaces-of-all',
    file: 'src/modules/access-answers/search/search-access.ts',
    find: `? principal.can('organization:manage')`,
    replace: '? true',
    why: 'Every member could list the workspaces of any other member.',
    tests: SEARCHES,
  },
  {
    id: 'authzen.names',
    file: 'src/modules/access-answers/authzen/authzen.controller.ts',
    find: `principal.can('organization:manage');`,
    replace: `principal.can('organization:read');`,
    why: 'Members would read the names of roles, groups and policies in decisions.',
    tests: EVALUATIONS,
  },
  {
    id: 'authzen.members-of-this-organization',
    file: FACTS,
    find: 'r.kind = a.kind and r.org_id = $1 and',
    replace: 'r.kind = a.kind and',
    why: 'The id of a workspace of another organization would be enough to ask who may do what there.',
    tests: EVALUATIONS,
  },
  {
    id: 'authzen.workspaces-of-this-organization',
    file: VIEW,
    find: 'join workspaces w on w.org_id = m.org_id',
    replace: 'join workspaces w on true',
    why: 'Admins of this organization would be admins of the workspaces of others.',
    tests: EVALUATIONS,
  },
  {
    id: 'authzen.expired-keys',
    file: FACTS,
    find: 'and (k.expires_at is null or k.expires_at > now())',
    replace: '',
    why: 'Services would accept service keys that have expired.',
    tests: EVALUATIONS,
  },
  {
    id: 'authzen.workspaces-of-keys',
    file: FACTS,
    find: 'and (k.is_org_wide or exists (',
    replace: 'and (true or exists (',
    why: 'A key that is limited to workspaces would be accepted in all others.',
    tests: EVALUATIONS,
  },
  {
    id: 'authzen.unknown-is-well-formed',
    file: 'src/contract/authzen.ts',
    find: 'const OPEN = { open: true };',
    replace: 'const OPEN = { open: false };',
    why: 'A gateway would get an error, in place of a denial, for a type or an action of another product.',
    tests: [...EVALUATIONS, ...SEARCHES],
  },
  {
    id: 'authzen.unknown-subjects',
    file: QUESTIONS,
    find: `if (!isSubjectKind(type)) return { kind: 'user', id: NIL };`,
    replace: `if (!isSubjectKind(type)) return { kind: 'user', id: idOf(id) };`,
    why: 'A subject of another type would be allowed what the user with its id may do.',
    tests: EVALUATIONS,
  },
  {
    id: 'authzen.unknown-resources',
    file: QUESTIONS,
    find: 'where.isKnown ? toPermission(action) : null',
    replace: 'toPermission(action)',
    why: 'A permission in a workspace would be one for resources of other products.',
    tests: EVALUATIONS,
  },
  {
    id: 'authzen.searches-for-unknown-resources',
    file: 'src/modules/access-answers/search/search.mapper.ts',
    find: `resource.type === 'workspace' ? toPermission(action) : null`,
    replace: 'toPermission(action)',
    why: 'A search for resources of another type would find workspaces.',
    tests: SEARCHES,
  },
  {
    id: 'authzen.actions-on-unknown-resources',
    file: 'src/modules/access-answers/search/search-access.ts',
    find: 'if (!isKnown) return NOTHING_FOUND;',
    replace: 'if (!isKnown && page.limit < 0) return NOTHING_FOUND;',
    why: 'A search would find actions on a resource that evaluations deny.',
    tests: SEARCHES,
  },
  {
    id: 'authzen.media-type',
    file: 'src/common/errors/error-format.ts',
    find: `(status === 415 && family === 'authzen')`,
    replace: `(status === 415 && family === 'api')`,
    why: 'Another media type would be 415, where the certification scenario of AuthZEN expects 400.',
    tests: ['src/common/errors/error.filter.spec.ts'],
  },
  {
    id: 'authzen.request-id-length',
    file: 'src/modules/access-answers/authzen/request-id.ts',
    find: '[ -~]{1,1024}$',
    replace: '[ -~]{1,128}$',
    why: 'A caller would not find the id of its request in the response.',
    tests: EVALUATIONS,
  },
  {
    id: 'authzen.request-id-characters',
    file: 'src/modules/access-answers/authzen/request-id.ts',
    find: '/^[ -~]{1,1024}$/',
    replace: '/^[^]{1,1024}$/',
    why: 'Control characters of a caller would be sent back.',
    tests: EVALUATIONS,
  },
  {
    id: 'authzen.admins-by-index',
    file: CANDIDATES,
    find: `where org_id = any (array[$1::uuid]) and role_id = '`,
    replace: `where org_id = $1 and role_id = '`,
    why: 'A search could read the memberships of all organizations for a page of the admins of one.',
    tests: PLANS,
  },
  {
    id: 'authzen.members-by-index',
    file: CANDIDATES,
    find: 'v.workspace_id = any (array[$2::uuid]) and v.role_id = r.role_id',
    replace: 'v.workspace_id = $2 and v.role_id = r.role_id',
    why: 'A search for a role without members in the workspace could read the memberships of all workspaces.',
    tests: PLANS,
  },
];
