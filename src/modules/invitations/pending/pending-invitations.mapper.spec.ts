import { describe, expect, it } from '@jest/globals';
import { fromPendingQuery } from './pending-invitations.mapper.js';

describe('fromPendingQuery', () => {
  it('ignores an empty search text and canonicalizes the addresses', () => {
    const query = { limit: 50, offset: 0, sort_by: 'email', sort_by_desc: false } as const;

    expect(fromPendingQuery({ ...query, q: '', emails: [' A@B.example'] })).toEqual({
      ...{ limit: 50, offset: 0, sortBy: 'email', descending: false, q: null, emails: ['a@b.example'] },
    });
  });
});
