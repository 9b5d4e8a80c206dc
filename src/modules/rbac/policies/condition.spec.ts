import { describe, expect, it } from '@jest/globals';
import { type ConditionGroup, decideAccess, type Effect, type Operator, type Policy } from './condition.js';

const READER = { permissions: ['datasets:read'] as const };
const NOBODY = { permissions: [] };

const group = (parts: Partial<ConditionGroup> = {}): ConditionGroup => ({
  permission: 'datasets:read',
  resourceType: 'dataset',
  conditions: [{ tagKey: 'Team', operator: 'equals', value: 'A' }],
  ...parts,
});
const policy = (effect: Effect, groups = [group()], id: string = effect): Policy => ({
  id,
  effect,
  conditionGroups: groups,
});
const dataset = (tags: Record<string, string>) => ({
  permission: 'datasets:read' as const,
  resource: { type: 'dataset', tags: new Map(Object.entries(tags)) },
});

const TEAM_A = dataset({ Team: 'A' });
const TEAM_B = dataset({ Team: 'B' });

describe('a role with policies', () => {
  it.each([
    ['the role allows, nothing applies', READER, [], 'role', true],
    ['the role does not allow, nothing applies', NOBODY, [], 'not_granted', false],
    ['an allow applies to who has the permission', READER, ['allow'], 'policy_allow', true],
    ['an allow grants beyond the role', NOBODY, ['allow'], 'policy_allow', true],
    ['a deny takes what the role gives', READER, ['deny'], 'policy_deny', false],
    ['a deny where nothing is given', NOBODY, ['deny'], 'policy_deny', false],
    ['deny beats allow', READER, ['allow', 'deny'], 'policy_deny', false],
    [
      'deny beats allow without the permission, in any order',
      NOBODY,
      ['deny', 'allow'],
      'policy_deny',
      false,
    ],
  ] as const)('%s', (_case, role, effects, reason, allowed) => {
    const decision = decideAccess(
      role,
      effects.map((effect) => policy(effect)),
      TEAM_A,
    );
    expect(decision).toEqual({ allowed, reason, policyId: effects.length > 0 ? reason.slice(7) : null });
  });

  it('leaves the decision to the role when the tag has another value', () => {
    expect(decideAccess(READER, [policy('deny')], TEAM_B).reason).toBe('role');
    expect(decideAccess(NOBODY, [policy('allow')], TEAM_B).reason).toBe('not_granted');
  });

  it('names the first of several policies with the same effect', () => {
    const two = [policy('allow', [group()], 'first'), policy('allow', [group()], 'second')];
    expect(decideAccess(NOBODY, two, TEAM_A).policyId).toBe('first');
  });

  it('applies when one of its groups is met', () => {
    const other = group({ conditions: [{ tagKey: 'Team', operator: 'equals', value: 'B' }] });
    const either = [policy('allow', [other, group()])];
    expect([TEAM_A, TEAM_B].map((question) => decideAccess(NOBODY, either, question).allowed)).toEqual([
      true,
      true,
    ]);
    expect(decideAccess(NOBODY, either, dataset({ Team: 'C' })).allowed).toBe(false);
  });

  it('asks a group for all of its conditions', () => {
    const both = group({
      conditions: [
        { tagKey: 'Team', operator: 'equals', value: 'A' },
        { tagKey: 'Purpose', operator: 'equals', value: 'Training' },
      ],
    });
    const decide = (tags: Record<string, string>) =>
      decideAccess(NOBODY, [policy('allow', [both])], dataset(tags)).allowed;
    expect(decide({ Team: 'A', Purpose: 'Training' })).toBe(true);
    expect(decide({ Team: 'A', Purpose: 'Testing' })).toBe(false);
    expect(decide({ Team: 'A' })).toBe(false);
  });

  it('applies to its permission and its type of resource only', () => {
    const denied = [policy('deny')];
    const asked = { ...TEAM_A, permission: 'datasets:update' as const };
    const prompt = { ...TEAM_A, resource: { ...TEAM_A.resource, type: 'prompt' } };
    expect(decideAccess(READER, denied, asked).reason).toBe('not_granted');
    expect(decideAccess(READER, denied, prompt).reason).toBe('role');
  });

  it('does not apply where no resource is asked about', () => {
    const always = group({ conditions: [{ tagKey: 'Team', operator: 'equals_if_exists', value: 'A' }] });
    const question = { permission: 'datasets:read' as const, resource: null };
    expect(decideAccess(READER, [policy('deny', [always])], question).reason).toBe('role');
  });

  it('takes no property of objects for a tag', () => {
    const odd = group({ conditions: [{ tagKey: 'constructor', operator: 'matches', value: '*' }] });
    expect(decideAccess(NOBODY, [policy('allow', [odd])], dataset({})).allowed).toBe(false);
  });
});

/** What the condition is compared with, and whether it is met by: the same, another case, another value, no such tag. */
const OPERATORS: [Operator, string, boolean, boolean, boolean, boolean][] = [
  ['equals', 'Alpha', true, false, false, false],
  ['not_equals', 'Alpha', false, true, true, false],
  ['equals_ignore_case', 'Alpha', true, true, false, false],
  ['not_equals_ignore_case', 'Alpha', false, false, true, false],
  ['matches', 'Al*', true, false, false, false],
  ['not_matches', 'Al*', false, true, true, false],
  ['equals_if_exists', 'Alpha', true, false, false, true],
  ['not_equals_if_exists', 'Alpha', false, true, true, true],
  ['equals_ignore_case_if_exists', 'Alpha', true, true, false, true],
  ['not_equals_ignore_case_if_exists', 'Alpha', false, false, true, true],
  ['matches_if_exists', 'Al*', true, false, false, true],
  ['not_matches_if_exists', 'Al*', false, true, true, true],
];

describe('an operator', () => {
  it.each(OPERATORS)('%s %j', (operator, value, same, otherCase, otherValue, absent) => {
    const policies = [policy('allow', [group({ conditions: [{ tagKey: 'Team', operator, value }] })])];
    const isMet = (tags: Record<string, string>) => decideAccess(NOBODY, policies, dataset(tags)).allowed;
    expect({
      same: isMet({ Team: 'Alpha' }),
      otherCase: isMet({ Team: 'ALPHA' }),
      otherValue: isMet({ Team: 'Beta' }),
      absent: isMet({ team: 'Alpha' }), // keys are told apart by case
    }).toEqual({ same, otherCase, otherValue, absent });
  });

  it('with wildcards in a value compares them as they are unless it matches', () => {
    const conditions = [{ tagKey: 'Team', operator: 'equals' as const, value: 'Al*' }];
    const policies = [policy('allow', [group({ conditions })])];
    expect(decideAccess(NOBODY, policies, dataset({ Team: 'Alpha' })).allowed).toBe(false);
    expect(decideAccess(NOBODY, policies, dataset({ Team: 'Al*' })).allowed).toBe(true);
  });
});
