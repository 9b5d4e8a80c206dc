import { describe, expect, it } from '@jest/globals';
import type { GuardedRule } from '../../common/access/access-rule.decorator.js';
import { requestedContext } from './requested-context.js';

const ORG = '0198c0de-0000-7000-8000-000000000001';
const WORKSPACE = '0198c0de-0000-7000-8000-000000000002';

const orgRoute: GuardedRule = {
  kind: 'permission',
  permission: 'organization:read',
  context: 'org',
  sessionOnly: false,
};
const workspaceRoute: GuardedRule = { ...orgRoute, permission: 'workspaces:read', context: 'workspace' };
const pathRoute: GuardedRule = { ...workspaceRoute, context: 'workspace-in-path' };
const requested = (rule: GuardedRule, headers: Record<string, string>, params = {}) =>
  requestedContext(rule, { headers, params });

describe('the context a request wants', () => {
  it('is what both headers name, folded to lower case', () => {
    const headers = { 'x-organization-id': ORG.toUpperCase(), 'x-tenant-id': WORKSPACE };
    expect(requested(orgRoute, headers)).toMatchObject({ orgId: ORG, workspaceId: WORKSPACE, problems: [] });
  });

  it('needs a workspace exactly where the permission is one of workspaces', () => {
    expect([requested(orgRoute, {}).needsWorkspace, requested(workspaceRoute, {}).needsWorkspace]).toEqual([
      false,
      true,
    ]);
  });

  it('is the workspace of the path where there is one, whatever the header says', () => {
    const found = requested(pathRoute, { 'x-tenant-id': ORG }, { workspace_id: WORKSPACE });
    expect(found).toMatchObject({ workspaceId: WORKSPACE, workspaceIsInPath: true });
  });

  it('is nothing on a route without context', () => {
    const found = requested({ kind: 'signed-in', context: 'none' }, { 'x-organization-id': 'nonsense' });
    expect(found).toMatchObject({ orgId: null, problems: [] });
  });

  it('takes an empty header for an absent one', () => {
    expect(requested(orgRoute, { 'x-organization-id': '' })).toMatchObject({ orgId: null, problems: [] });
  });

  it('names every malformed id with its place', () => {
    const { problems } = requested(workspaceRoute, { 'x-organization-id': '1', 'x-tenant-id': '2' });
    expect(problems.map(({ loc }) => loc)).toEqual([
      ['header', 'x-organization-id'],
      ['header', 'x-tenant-id'],
    ]);
  });

  it('names a malformed id in the path', () => {
    expect(requested(pathRoute, {}, { workspace_id: '1' }).problems[0]?.loc).toEqual([
      'path',
      'workspace_id',
    ]);
  });
});
