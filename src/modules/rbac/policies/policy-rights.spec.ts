import { describe, expect, it } from '@jest/globals';
import type { WorkspacePermission } from '../../../common/access/permissions.js';
import type { Effect } from './condition.js';
import { mayAttach, mayDetach } from './policy-rights.js';

const policy = (effect: Effect, ...permissions: WorkspacePermission[]) => ({
  effect,
  conditionGroups: permissions.map((permission) => ({ permission, resourceType: 'x', conditions: [] })),
});
const held = new Set<WorkspacePermission>(['runs:read', 'datasets:read']);

describe('a caller with some permissions', () => {
  it('attaches an allowing policy whose permissions they hold, and no other', () => {
    expect(mayAttach(held, policy('allow', 'runs:read', 'datasets:read'))).toBe(true);
    expect(mayAttach(held, policy('allow', 'runs:read', 'datasets:delete'))).toBe(false);
    expect(mayAttach(held, policy('deny', 'datasets:delete'))).toBe(true);
  });

  it('detaches a denying policy whose permissions they hold, and no other', () => {
    expect(mayDetach(held, policy('deny', 'runs:read'))).toBe(true);
    expect(mayDetach(held, policy('deny', 'runs:read', 'runs:delete'))).toBe(false);
    expect(mayDetach(held, policy('allow', 'runs:delete'))).toBe(true);
  });
});
