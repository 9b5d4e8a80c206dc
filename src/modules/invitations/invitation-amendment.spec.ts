import { describe, expect, it } from '@jest/globals';
import { amendmentOf, type AmendmentWish } from './invitation-amendment.js';

const NOTHING: AmendmentWish = { orgRoleId: null, workspaceIds: null, workspaceRoleId: null };
const TODAY = [
  { workspaceId: 'w1', roleId: 'viewer' },
  { workspaceId: 'w2', roleId: 'editor' },
];
const amend = (wish: Partial<AmendmentWish>, grants = TODAY) =>
  amendmentOf('a@example.com', grants, { ...NOTHING, ...wish });

describe('an amendment', () => {
  it('of nothing gives nothing and takes nothing', () => {
    expect(amend({})).toMatchObject({
      given: { orgRoleId: null, workspaceIds: [] },
      removedWorkspaceIds: [],
      isLeftEmpty: false,
    });
  });

  it.each<[string, Partial<AmendmentWish>, string[], string[]]>([
    ['another role asks for each workspace that has not got it', { workspaceRoleId: 'editor' }, ['w1'], []],
    ['other workspaces ask for the new ones only', { workspaceIds: ['w3', 'w2', 'w3'] }, ['w3'], ['w1']],
    [
      'both ask for all that is new or differs',
      { workspaceIds: ['w1', 'w3'], workspaceRoleId: 'editor' },
      ['w1', 'w3'],
      ['w2'],
    ],
    ['no workspaces ask for nothing', { workspaceIds: [] }, [], ['w1', 'w2']],
  ])('to %s', (_, wish, given, removed) => {
    expect(amend(wish)).toMatchObject({ given: { workspaceIds: given }, removedWorkspaceIds: removed });
  });

  it('says when no workspace is left', () => {
    expect(amend({ workspaceIds: [] }).isLeftEmpty).toBe(true);
    expect(amend({ orgRoleId: 'org' }, []).isLeftEmpty).toBe(true);
  });
});
