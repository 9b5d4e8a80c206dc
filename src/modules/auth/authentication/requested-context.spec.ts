import { describe, expect, it } from '@jest/globals';
import type { GuardedRule } from '../../../common/access/access-rule.decorator.js';
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

describe('requestedContext', () => {
  it('reads both headers and converts the ids to lower case', () => {
    const headers = { 'x-organization-id': ORG.toUpperCase(), 'x-tenant-id': WORKSPACE };
    expect(requested(orgRoute, headers)).toMatchObject({ orgId: ORG, workspaceId: WORKSPACE, problems: [] });
  });

  it('requires a workspace only for workspace permissions', () => {
    expect([requested(orgRoute, {}).needsWorkspace, requested(workspaceRoute, {}).needsWorkspace]).toEqual([
      false,
      true,
    ]);
  });

  it('prefers the workspace in the path over the header', () => {
    const found = requested(pathRoute, { 'x-tenant-id': ORG }, { workspace_id: WORKSPACE });
    expect(found).toMatchObject({ workspaceId: WORKSPACE, workspaceIsInPath: true });
  });

  it('ignores the headers on a route without a context', () => {
    const found = requested({ kind: 'signed-in', context: 'none' }, { 'x-organization-id': 'nonsense' });
    expect(found).toMatchObject({ orgId: null, problems: [] });
  });

  it('treats an empty header as absent', () => {
    expect(requested(orgRoute, { 'x-organization-id': '' })).toMatchObject({ orgId: null, problems: [] });
  });

  it('reports every malformed id with its location', () => {
    const { problems } = requested(workspaceRoute, { 'x-organization-id': '1', 'x-tenant-id': '2' });
    expect(problems.map(({ loc }) => loc)).toEqual([
      ['header', 'x-organization-id'],
      ['header', 'x-tenant-id'],
    ]);
  });

  it('reports a malformed id in the path', () => {
    expect(requested(pathRoute, {}, { workspace_id: '1' }).problems[0]?.loc).toEqual([
      'path',
      'workspace_id',
    ]);
  });
});
