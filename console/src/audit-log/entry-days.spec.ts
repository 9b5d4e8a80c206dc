import { describe, expect, it } from '@jest/globals';
import { daysOf } from './entry-days';
import type { Entry } from './targets';

const NOON = new Date(2026, 10, 29, 12).getTime();
const MINUTE = 60 * 1000;

type Facts = { operation?: string; userId?: string; status?: 1 | 2; minutesBefore?: number };

const entry = ({ operation = 'login', userId = 'ada', status = 1, minutesBefore = 0 }: Facts = {}) =>
  ({
    time: NOON - minutesBefore * MINUTE,
    status_id: status,
    api: { operation },
    actor: { user: { uid: userId, credential_uid: null } },
    unmapped: { original_audit_log: { workspace_id: null } },
  }) as Entry;

const sizes = (...facts: Facts[]) =>
  daysOf(facts.map(entry)).map(({ bursts }) => bursts.map(({ entries }) => entries.length));

describe('bursts of audit entries', () => {
  it.each<[string, Facts[], number[]]>([
    ['three equal ones are one', [{}, {}, {}], [3]],
    ['two stay apart', [{}, {}], [1, 1]],
    ['another operation ends it', [{}, {}, {}, { operation: 'create_role' }, {}], [3, 1, 1]],
    ['another actor does not belong to it', [{}, { userId: 'bob' }, {}, {}], [1, 1, 1, 1]],
    ['a refusal does not belong to it', [{}, {}, {}, { status: 2 }], [3, 1]],
    ['a pause of eleven minutes ends it', [{}, {}, {}, { minutesBefore: 11 }], [3, 1]],
    [
      'it may last longer than the longest pause',
      [{}, { minutesBefore: 9 }, { minutesBefore: 18 }, { minutesBefore: 27 }],
      [4],
    ],
  ])('are found among the entries of a day: %s', (_, facts, expected) => {
    expect(sizes(...facts)).toEqual([expected]);
  });

  it('end at midnight of the reader', () => {
    const lateEvening = 12 * 60 + 1;

    expect(sizes({ minutesBefore: lateEvening - 2 }, { minutesBefore: lateEvening })).toEqual([[1], [1]]);
    expect(daysOf([entry({ minutesBefore: lateEvening })])[0]?.start).toEqual(new Date(2026, 10, 28));
  });
});
