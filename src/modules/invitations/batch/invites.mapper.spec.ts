import { describe, expect, it } from '@jest/globals';
import type { PendingIdentityCreate } from '../../../contract/invitations.js';
import { fromInvites } from './invites.mapper.js';

const HERE = '11111111-1111-4111-8111-111111111111';
const THERE = '22222222-2222-4222-8222-222222222222';
const bodyOf = (rows: PendingIdentityCreate[]) => ({
  rows: rows.map((row, index) => ({ index, row })),
  problems: [],
});

describe('fromInvites', () => {
  it('returns canonical addresses and null for absent fields', () => {
    expect(fromInvites(bodyOf([{ email: ' Ada@Bücher.Example ' }])).rows).toEqual([
      {
        ...{ email: 'ada@xn--bcher-kva.example', orgRoleId: null, workspaceIds: [], workspaceRoleId: null },
        ...{ fullName: null, password: null },
      },
    ]);
  });

  it('names the inviting workspace once, whether or not it was sent', () => {
    const { rows } = fromInvites(
      bodyOf([{ email: 'a@b.example' }, { email: 'a@b.example', workspace_ids: [THERE, HERE, THERE] }]),
      { targetId: HERE },
    );

    expect(rows.map(({ workspaceIds }) => workspaceIds)).toEqual([[HERE], [HERE, THERE]]);
  });

  it('returns a problem for each invalid address, and locates the other rows in the request', () => {
    const emails = ['no-at-sign', 'a@b.example', 'a@@b.example', 'c@d.example'];

    const { rows, locate, malformed } = fromInvites(bodyOf(emails.map((email) => ({ email }))));

    expect(malformed.map(({ loc }) => loc)).toEqual([
      ['body', 0, 'email'],
      ['body', 2, 'email'],
    ]);
    expect(rows.map(({ email }, index) => [email, locate(index)])).toEqual([
      ['a@b.example', ['body', 1]],
      ['c@d.example', ['body', 3]],
    ]);
  });
});
