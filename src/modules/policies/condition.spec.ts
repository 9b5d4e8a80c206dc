import { describe, expect, it } from '@jest/globals';
import {
  type ConditionGroup,
  decideAccess,
  type Effect,
  matchesGlob,
  type Operator,
  type Policy,
} from './condition.js';

const READER = { permissions: ['datasets:read'] as const };
const NO_PERMISSIONS = { permissions: [] };

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
const dataset = (tags: Record<string, string | string[]>) => ({
  permission: 'datasets:read' as const,
  resource: {
    type: 'dataset',
    tags: new Map(Object.entries(tags).map(([key, values]) => [key, [values].flat()])),
  },
});

const TEAM_A = dataset({ Team: 'A' });
const TEAM_B = dataset({ Team: 'B' });

describe('decideAccess for a role with policies', () => {
  it.each([
    ['the role allows and no policy applies', READER, [], 'role', true],
    ['the role does not allow and no policy applies', NO_PERMISSIONS, [], 'not_granted', false],
    ['a policy allows what the role allows too', READER, ['allow'], 'policy_allow', true],
    ['a policy allows what the role does not', NO_PERMISSIONS, ['allow'], 'policy_allow', true],
    ['a policy denies what the role allows', READER, ['deny'], 'policy_deny', false],
    ['a policy denies what the role does not allow', NO_PERMISSIONS, ['deny'], 'policy_deny', false],
    ['one policy allows and another denies', READER, ['allow', 'deny'], 'policy_deny', false],
    [
      'one policy denies and another allows what the role does not',
      NO_PERMISSIONS,
      ['deny', 'allow'],
      'policy_deny',
      false,
    ],
  ] as const)('decides correctly when %s', (_case, role, effects, reason, allowed) => {
    const decision = decideAccess(
      role,
      effects.map((effect) => policy(effect)),
      TEAM_A,
    );
    expect(decision).toEqual({ allowed, reason, policyId: effects.length > 0 ? reason.slice(7) : null });
  });

  it('leaves the decision to the role if the tag has another value', () => {
    expect(decideAccess(READER, [policy('deny')], TEAM_B).reason).toBe('role');
    expect(decideAccess(NO_PERMISSIONS, [policy('allow')], TEAM_B).reason).toBe('not_granted');
  });

  it('names the first of several policies with the same effect', () => {
    const two = [policy('allow', [group()], 'first'), policy('allow', [group()], 'second')];
    expect(decideAccess(NO_PERMISSIONS, two, TEAM_A).policyId).toBe('first');
  });

  it('applies a policy if one of its groups is met', () => {
    const other = group({ conditions: [{ tagKey: 'Team', operator: 'equals', value: 'B' }] });
    const either = [policy('allow', [other, group()])];
    expect(
      [TEAM_A, TEAM_B].map((question) => decideAccess(NO_PERMISSIONS, either, question).allowed),
    ).toEqual([true, true]);
    expect(decideAccess(NO_PERMISSIONS, either, dataset({ Team: 'C' })).allowed).toBe(false);
  });

  it('requires all conditions of a group', () => {
    const both = group({
      conditions: [
        { tagKey: 'Team', operator: 'equals', value: 'A' },
        { tagKey: 'Purpose', operator: 'equals', value: 'Training' },
      ],
    });
    const decide = (tags: Record<string, string>) =>
      decideAccess(NO_PERMISSIONS, [policy('allow', [both])], dataset(tags)).allowed;
    expect(decide({ Team: 'A', Purpose: 'Training' })).toBe(true);
    expect(decide({ Team: 'A', Purpose: 'Testing' })).toBe(false);
    expect(decide({ Team: 'A' })).toBe(false);
  });

  it('applies a policy to its permission and its resource type only', () => {
    const denied = [policy('deny')];
    const asked = { ...TEAM_A, permission: 'datasets:update' as const };
    const prompt = { ...TEAM_A, resource: { ...TEAM_A.resource, type: 'prompt' } };
    expect(decideAccess(READER, denied, asked).reason).toBe('not_granted');
    expect(decideAccess(READER, denied, prompt).reason).toBe('role');
  });

  it('applies no policy to a query without a resource', () => {
    const always = group({ conditions: [{ tagKey: 'Team', operator: 'equals_if_exists', value: 'A' }] });
    const question = { permission: 'datasets:read' as const, resource: null };
    expect(decideAccess(READER, [policy('deny', [always])], question).reason).toBe('role');
  });

  it('does not take object properties for tags', () => {
    const odd = group({ conditions: [{ tagKey: 'constructor', operator: 'matches', value: '*' }] });
    expect(decideAccess(NO_PERMISSIONS, [policy('allow', [odd])], dataset({})).allowed).toBe(false);
  });
});

/** The operator and value, and whether they match: the same value, another case, another value, an absent tag. */
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

describe('operators of a condition', () => {
  it.each(OPERATORS)(
    'applies the operator %s with the value %j',
    (operator, value, same, otherCase, otherValue, absent) => {
      const policies = [policy('allow', [group({ conditions: [{ tagKey: 'Team', operator, value }] })])];
      const isMet = (tags: Record<string, string>) =>
        decideAccess(NO_PERMISSIONS, policies, dataset(tags)).allowed;
      expect({
        same: isMet({ Team: 'Alpha' }),
        otherCase: isMet({ Team: 'ALPHA' }),
        otherValue: isMet({ Team: 'Beta' }),
        absent: isMet({ team: 'Alpha' }), // keys are case-sensitive
      }).toEqual({ same, otherCase, otherValue, absent });
    },
  );

  it.each([
    ['equals', true],
    ['matches', true],
    ['equals_if_exists', true],
    ['not_equals', false],
    ['not_matches', false],
    ['not_equals_ignore_case_if_exists', false],
  ] as const)('lets one of several values meet %s, and all of them a negative operator', (operator, met) => {
    const conditions = [{ tagKey: 'Team', operator, value: 'Alpha' }];
    const policies = [policy('allow', [group({ conditions })])];
    const decide = (Team: string[]) => decideAccess(NO_PERMISSIONS, policies, dataset({ Team })).allowed;

    expect(decide(['Beta', 'Alpha'])).toBe(met);
    expect(decide(['Beta', 'Gamma'])).toBe(!met);
  });

  it('treats queue and queues as the same type of resource', () => {
    const policies = [policy('allow', [group({ resourceType: 'queues' })])];
    const queue = { ...TEAM_A, resource: { ...TEAM_A.resource, type: 'queue' } };
    expect(decideAccess(NO_PERMISSIONS, policies, queue).allowed).toBe(true);
  });

  it('compares wildcards literally unless the operator is matches', () => {
    const conditions = [{ tagKey: 'Team', operator: 'equals' as const, value: 'Al*' }];
    const policies = [policy('allow', [group({ conditions })])];
    expect(decideAccess(NO_PERMISSIONS, policies, dataset({ Team: 'Alpha' })).allowed).toBe(false);
    expect(decideAccess(NO_PERMISSIONS, policies, dataset({ Team: 'Al*' })).allowed).toBe(true);
  });
});

describe('matchesGlob', () => {
  it.each([
    ['chatbot', 'chatbot'],
    ['chatbot-*', 'chatbot-eu'],
    ['chatbot-*', 'chatbot-'],
    ['*-eu', 'chatbot-eu'],
    ['*', ''],
    ['*', 'anything'],
    ['**', 'anything'],
    ['', ''],
    ['a*b*c', 'a-b-b-c'],
    ['a*bc', 'abbbc'],
    ['*aab', 'aaaaab'],
    ['team-?', 'team-a'],
    ['?', '😀'],
    ['??', 'äö'],
    ['a?*', 'ab'],
    ['*?*', 'x'],
    ['a.c', 'a.c'],
    ['[ab]', '[ab]'],
    ['a\\*', 'a\\b'],
    ['*', 'two\nlines'],
  ])('the pattern %j matches %j', (pattern, text) => {
    expect(matchesGlob(pattern, text)).toBe(true);
  });

  it.each([
    ['chatbot', 'chatbots'],
    ['chatbot', 'a chatbot'],
    ['chatbot-*', 'chatbot'],
    ['*-eu', 'chatbot-eu-1'],
    ['', 'a'],
    ['a', ''],
    ['?', ''],
    ['?', 'ab'],
    ['a?*', 'a'],
    ['a.c', 'abc'],
    ['[ab]', 'a'],
    ['a|b', 'a'],
    ['Team', 'team'],
    ['a*b*c', 'a-c-b'],
  ])('the pattern %j does not match %j', (pattern, text) => {
    expect(matchesGlob(pattern, text)).toBe(false);
  });

  /** An equivalent regular expression (`.*a.*a…b`) would run into the time limit of the test. */
  it('evaluates a pattern that needs exponential backtracking in bounded time', () => {
    expect(matchesGlob(`${'*a'.repeat(127)}*b`, 'a'.repeat(256))).toBe(false);
  });
});
