import { describe, expect, it } from '@jest/globals';
import { planAmendment, type AmendmentInput } from './invitation-amendment.js';

const NOTHING: AmendmentInput = { orgRoleId: null, workspaceIds: null, workspaceRoleId: null };
const CURRENT = [
  { workspaceId: 'w1', roleId: 'viewer' },
  { workspaceId: 'w2', roleId: 'editor' },
];
const amend = (input: Partial<AmendmentInput>, grants = CURRENT) =>
  planAmendment('a@example.com', grants, { ...NOTHING, ...input });

describe('planAmendment', () => {
  it('grants and removes nothing for an empty amendment', () => {
    expect(amend({})).toMatchObject({
      requested: { orgRoleId: null, workspaceIds: [] },
      removedWorkspaceIds: [],
      isEmptied: false,
    });
  });

  it.each<[string, Partial<AmendmentInput>, string[], string[]]>([
    [
      'requests another role in each workspace that does not have it',
      { workspaceRoleId: 'editor' },
      ['w1'],
      [],
    ],
    ['requests only the new ones of other workspaces', { workspaceIds: ['w3', 'w2', 'w3'] }, ['w3'], ['w1']],
    [
      'requests everything new or different if workspaces and role change',
      { workspaceIds: ['w1', 'w3'], workspaceRoleId: 'editor' },
      ['w1', 'w3'],
      ['w2'],
    ],
    ['removes all workspaces and requests none for an empty list', { workspaceIds: [] }, [], ['w1', 'w2']],
  ])('plans an amendment that %s', (_, input, requested, removed) => {
    expect(amend(input)).toMatchObject({
      requested: { workspaceIds: requested },
      removedWorkspaceIds: removed,
    });
  });

  it('reports when no workspace is left', () => {
    expect(amend({ workspaceIds: [] }).isEmptied).toBe(true);
    expect(amend({ orgRoleId: 'org' }, []).isEmptied).toBe(true);
  });
});
