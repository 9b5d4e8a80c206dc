import { expect, it } from '@jest/globals';
import { OrgQuery, WorkspaceCommand } from './access.decorator.js';

it('refuses to limit callers without a permission to sessions, which their rule cannot say', () => {
  expect(() => OrgQuery('in-org', 'anything', { sessionOnly: true })).toThrow('"in-org"');
  expect(() =>
    WorkspaceCommand('in-workspace', 'update_workspace', 'nothing', { sessionOnly: true }),
  ).toThrow('"in-workspace"');
});
