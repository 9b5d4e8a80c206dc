import { describe, expect, it } from '@jest/globals';
import { planAmendment, type AmendmentInput } from './invitation-amendment.js';

const NOTHING: AmendmentInput = { orgRoleId: null, workspaceIds: null, workspaceRoleId: null };
const CURRENT = [
  { workspaceId: 'w1', roleId: 'viewer' },
  { workspaceId: 'w2', roleId: 'editor' },
];
const amend = (input: Partial<AmendmentInput>, grants = CURRENT) =>
  planAmendment('a@example.com', grants, { ...NOTHING, ...input });

describe('an amendment', () => {
  it('of nothing gives nothing and takes nothing', () => {
    expect(amend({})).toMatchObject({
      requested: { orgRoleId: null, workspaceIds: [] },
      removedWorkspaceIds: [],
      isEmptied: false,
    });
  });

  it.each<[string, Partial<AmendmentInput>, string[], string[]]>([
    ['another role asks for each workspace that has not got it', { workspaceRoleId: 'editor' }, ['w1'], []],
    ['other workspaces ask for the new ones only', { workspaceIds: ['w3', 'w2', 'w3'] }, ['w3'], ['w1']],
    [
      'both ask for all that is new or differs',
      { workspaceIds: ['w1', 'w3'], workspaceRoleId: 'editor' },
      ['w1', 'w3'],
      ['w2'],
    ],
    ['no workspaces ask for nothing', { workspaceIds: [] }, [], ['w1', 'w2']],
  ])('to %s', (_, input, given, removed) => {
    expect(amend(input)).toMatchObject({ requested: { workspaceIds: given }, removedWorkspaceIds: removed });
  });

  it('says when no workspace is left', () => {
    expect(amend({ workspaceIds: [] }).isEmptied).toBe(true);
    expect(amend({ orgRoleId: 'org' }, []).isEmptied).toBe(true);
  });
});
