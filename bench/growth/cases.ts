import { ID, SIZES } from './sizes.ts';

/** One read: `as` is who asks, `path` is relative to the server. With a search, each request is for the page after. */
export type Case = { as: 'admin' | 'busyPerson' | 'provider'; path: string; search?: object };

const DEEP = SIZES.giantMembers / 2;
const SORTS = ['name', 'email', 'role', 'created_at'];
/** Few matches, three letters with many matches, a prefix of two letters, no match. */
const TEXTS = ['zimmer-123', 'quinn', 'zo', 'nowhere-to-be-found'];

const emails = (count: number) =>
  Array.from({ length: count }, (_, n) => `emails=ada.abel.${n}@company${n % 997}.example.com`).join('&');
const userIds = (count: number) =>
  Array.from(
    { length: count },
    (_, n) => `user_ids=${ID.busyPerson.slice(0, -4)}${(n + 1).toString(16).padStart(4, '0')}`,
  ).join('&');

const pages = (list: string, offset: number) => [
  ...SORTS.flatMap((sort) =>
    [false, true].flatMap((desc) =>
      [0, offset].map((skip) => `${list}?limit=100&offset=${skip}&sort_by=${sort}&sort_by_desc=${desc}`),
    ),
  ),
  ...TEXTS.map((q) => `${list}?limit=100&q=${q}`),
  ...TEXTS.map((q) => `${list}?limit=100&q=${q}&sort_by=name&sort_by_desc=false`),
  `${list}?limit=100&${emails(100)}`,
];

const active = (list: string) => [
  ...pages(list, DEEP),
  `${list}?limit=100&${userIds(100)}`,
  ...[true, false].flatMap((disabled) =>
    [list, `${list}?sort_by=name`].map(
      (path) => `${path}${path.includes('?') ? '&' : '?'}limit=100&is_disabled=${disabled}`,
    ),
  ),
];

const ENRICHED = '/v1/platform/orgs/current/members';
const enriched = [
  '',
  `offset=${DEEP}`,
  'pending_is=true',
  'active_is=true',
  'active_is=false',
  'name_like=*zimmer-123*',
  'name_like=Quentin*',
  'email_like=zoe.zimmer*',
  'email_like=*company99.example.com',
  'organization_role_like=*Admin*',
  'workspace_name_like=Workspace%203',
  'workspace_name_like=Workspace*',
  'workspace_role_like=*Admin*',
].map((query) => `${ENRICHED}?limit=100&${query}`);

/** The period of the entries, and of no entry of the operation, workspace or person that is asked for. */
const AUDIT_PERIOD = () => {
  const end = new Date();
  const start = new Date(end.getTime() - SIZES.auditDays * 86_400_000);
  return `start_time=${start.toISOString()}&end_time=${end.toISOString()}`;
};
const audit = () =>
  [
    '',
    '&operations=login',
    '&operations=delete_access_policy',
    '&operations=login&operations=create_api_key&operations=delete_access_policy',
    `&workspace_id=${ID.smallWorkspace}`,
    `&workspace_id=${ID.smallWorkspace}&operations=delete_access_policy`,
    `&actor_ls_user_ids=${ID.busyPerson}`,
    `&actor_api_key_ids=${ID.busyPerson}`,
    `&resource_ids=${ID.busyPerson}`,
  ].map((filter) => `/api/v1/audit-logs?limit=100&${AUDIT_PERIOD()}${filter}`);

const scimUsers = [
  'userName eq "ada.abel.26@company26.example.com"',
  'userName sw "zoe.zimmer"',
  'userName co "zimmer-123"',
  'userName ew "@company99.example.com"',
  'externalId eq "external-77"',
  'emails.value eq "ada.abel.26@company26.example.com"',
  'emails co "company99.example"',
  'displayName co "Zimmer-123"',
  'displayName ew "-1234"',
  'name.familyName sw "Zimmer-1"',
  'name.familyName co "immer-12"',
  'title eq "Engineer"',
  'nickName eq "Zoe"',
  'active eq false',
  'active eq true',
].map((filter) => `/scim/v2/Users?count=100&filter=${encodeURIComponent(filter)}`);
const scim = [
  '/scim/v2/Users?count=100',
  `/scim/v2/Users?count=100&startIndex=${DEEP}`,
  '/scim/v2/Users?count=100&sortBy=userName',
  '/scim/v2/Users?count=100&sortBy=name.familyName&sortOrder=descending',
  '/scim/v2/Users?count=100&sortBy=meta.lastModified',
  ...scimUsers,
  '/scim/v2/Groups?count=100&excludedAttributes=members',
  `/scim/v2/Groups?count=100&excludedAttributes=members&filter=${encodeURIComponent('displayName eq "Team 7"')}`,
  `/scim/v2/Groups?count=100&excludedAttributes=members&filter=${encodeURIComponent('displayName co "eam 1"')}`,
];

const ORG = '/api/v1/orgs/current';
const WORKSPACE = '/api/v1/workspaces/current';

/** Permissions that all members of a workspace have, most, and only admins and a large group. */
const SEARCHED = ['workspaces:read', 'projects:read', 'workspaces:manage-members', 'workspaces:manage'];
const searches = [ID.giantWorkspace, ID.smallWorkspace].flatMap((id) =>
  SEARCHED.map((name): Case => ({
    as: 'admin',
    path: '/access/v1/search/subject',
    search: { subject: { type: 'user' }, action: { name }, resource: { type: 'workspace', id } },
  })),
);

export const cases = (): Case[] => [
  ...[
    ...active(`${ORG}/members/active`),
    ...pages(`${ORG}/members/pending`, SIZES.giantInvitations / 2),
    ...active(`${WORKSPACE}/members/active`),
    ...pages(`${WORKSPACE}/members/pending`, SIZES.giantInvitations / 4),
    ...enriched,
    ...audit(),
    `${ORG}/info`,
    `${ORG}/overview`,
    `${ORG}/roles`,
    `${ORG}/service-keys`,
    '/api/v1/workspaces',
  ].map((path): Case => ({ as: 'admin', path })),
  ...['/api/v1/orgs', '/api/v1/workspaces', '/api/v1/tenants', '/api/v1/orgs/pending'].map((path): Case => ({
    as: 'busyPerson',
    path,
  })),
  ...scim.map((path): Case => ({ as: 'provider', path })),
  ...searches,
];
