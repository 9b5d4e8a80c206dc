import { describe, expect, it } from '@jest/globals';
import { ValidationFailed } from '../../../common/errors/validation.errors.js';
import { batchRowLoc } from '../core/row-location.js';
import { fromInvites } from './invites.mapper.js';

const HERE = '11111111-1111-4111-8111-111111111111';
const THERE = '22222222-2222-4222-8222-222222222222';

describe('fromInvites', () => {
  it('returns canonical addresses and null for absent fields', () => {
    expect(fromInvites([{ email: ' Ada@Bücher.Example ' }], batchRowLoc)).toEqual([
      {
        ...{ email: 'ada@xn--bcher-kva.example', orgRoleId: null, workspaceIds: [], workspaceRoleId: null },
        ...{ fullName: null, password: null },
      },
    ]);
  });

  it('names the inviting workspace once, whether or not it was sent', () => {
    const rows = fromInvites(
      [{ email: 'a@b.example' }, { email: 'a@b.example', workspace_ids: [THERE, HERE, THERE] }],
      batchRowLoc,
      HERE,
    );

    expect(rows.map(({ workspaceIds }) => workspaceIds)).toEqual([[HERE], [HERE, THERE]]);
  });

  it('refuses all invalid addresses in one error that names their rows', () => {
    const bodies = [{ email: 'no-at-sign' }, { email: 'a@b.example' }, { email: 'a@@b.example' }];
    const problemsOf = () => {
      try {
        return fromInvites(bodies, batchRowLoc);
      } catch (error) {
        return (error as ValidationFailed).problems?.map(({ loc }) => loc);
      }
    };

    expect(problemsOf()).toEqual([
      ['body', 0, 'email'],
      ['body', 2, 'email'],
    ]);
  });
});
