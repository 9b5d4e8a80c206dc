import { beforeAll, describe, expect, it } from '@jest/globals';
import type { AccessRule } from '../../src/common/access/access.guard.js';
import { AUTHORIZATION_SERVER } from '../support/authorization-server.js';
import { WRITES } from '../support/access-comparison/writes.js';
import { operationsOf } from '../support/operations.js';
import { type Endpoint, endpointsOf } from '../support/server-host.js';
import { startTestApp } from '../support/test-app.js';

const MUTATING = /^(POST|PUT|PATCH|DELETE) /;

/** A request of many operations, each of which has its own audit entry. */
const RECORDS_ITS_PARTS = ['BulkController.run'];

/** Queries with a body: they change nothing. */
const QUESTIONS = [
  'AccessCheckController.checkAccess',
  'AuthzenController.evaluateAccess',
  'AuthzenController.evaluateAccessMany',
  'AuthzenController.searchSubjects',
  'AuthzenController.searchResources',
  'AuthzenController.searchActions',
  'ScimUsersController.search',
  'ScimGroupsController.search',
  'GroupsPreviewController.previewScimGroups',
  'CredentialsController.countWeakerSignIns',
  'ScimRolesPreviewController.previewScimRoles',
  'TaggingsController.listTagsForResources',
  'DevicesController.getDeviceRequest',
  'UserinfoController.postUserinfo',
];

/** A browser signs in and out with GET, too; the page afterwards only says so. */
const SIGNS_IN_OR_OUT = /^(SsoLogin|Logout)Controller\.(?!signedOut)/;

let endpoints: Endpoint[];
let described: string[];
beforeAll(async () => {
  const t = await startTestApp({ EMPTY_USAGE_RESPONSES: 'true', ...AUTHORIZATION_SERVER }); // every route that a setting adds
  endpoints = await endpointsOf(t.url);
  described = (await operationsOf(t)).map(({ name }) => name);
  await t.close();
});

describe('the endpoints', () => {
  it('every handler has an access rule (if not, add one of src/common/access/access.decorator.ts)', () => {
    const undeclared = endpoints.filter(({ rule }) => !rule).map(({ name }) => name);

    expect(undeclared).toEqual([]);
    expect(endpoints.length).toBeGreaterThan(50);
  });

  it('every handler that writes names an audit operation (if not, add it to @OrgCommand, @WorkspaceCommand or @OwnCommand)', () => {
    const silent = endpoints.filter(
      ({ route, rule, audited }) => MUTATING.test(route) && rule?.kind !== 'public' && !audited,
    );

    expect(new Set(silent.map(({ name }) => name))).toEqual(new Set([...QUESTIONS, ...RECORDS_ITS_PARTS]));
  });

  it('every route that writes is listed as compared, as depending on rank, or as not compared (if not, add it to WRITES)', () => {
    const handled = endpoints
      .filter(({ name, route }) => MUTATING.test(route) || SIGNS_IN_OR_OUT.test(name))
      .map(({ route }) => route);
    const published = described
      .filter((operation) => MUTATING.test(operation))
      .map((operation) => operation.replaceAll(/\{(\w+)\}/g, ':$1'));

    expect(Object.keys(WRITES).sort()).toEqual([...new Set([...handled, ...published])].sort());
  });

  it('every handler that invites, changes or resends an invitation to an organization has InviteRightsGuard', () => {
    const guarded = endpoints.filter(({ guards }) => guards.includes('InviteRightsGuard'));

    expect(guarded.map(({ name }) => name).sort()).toEqual([
      'OrgInvitationsController.addMemberToCurrentOrg',
      'OrgInvitationsController.addMembersToCurrentOrgBatch',
      'OrgInvitationsController.patchCurrentOrgPendingMember',
      'OrgInvitationsController.resendPendingOrgInvite',
      'WorkspaceInvitationsController.addMembersToCurrentWorkspaceBatch',
      'WorkspaceInvitationsController.resendPendingWorkspaceInvite',
    ]);
  });

  it('access rules are those that were reviewed (a difference needs a permission review)', () => {
    const rows = endpoints.map(
      ({ name, route, rule, audited }) => `${route}  ${say(rule)}  ${audited ?? '-'}  ${name}`,
    );

    expect(rows.sort()).toMatchSnapshot();
  });
});

function say(rule: AccessRule | undefined): string {
  if (!rule) return 'UNDECLARED';
  if (rule.kind === 'public' || rule.kind === 'scim-token') return rule.kind;
  const asked = rule.kind === 'permission' ? rule.permission : rule.kind;
  const byWhom = rule.kind === 'permission' && rule.sessionOnly ? ', session only' : '';
  return `${asked} (${rule.context}${byWhom})`;
}
