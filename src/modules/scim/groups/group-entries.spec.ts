import { expect, it } from '@jest/globals';
import { operatorIn } from '../../audit/index.js';
import { type FollowingChange, groupEntries } from './group-entries.js';

const idsFrom = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}-${n}`);

const entriesFor = (
  members: { added: string[]; removed: string[] },
  users: string[] = [],
  following: FollowingChange[] = [],
) =>
  groupEntries({
    actor: operatorIn('org'),
    orgId: 'org',
    operation: 'update_scim_group',
    groupId: 'group',
    entryId: 'first',
    details: { members_added: members.added.length },
    members,
    roles: { added: users.map((userId) => ({ userId, workspaceId: 'prod', roleId: 'viewer' })) },
    following,
  });

it('names what happened to each member and to each role in one entry', () => {
  expect(entriesFor({ added: ['a'], removed: ['b'] }, ['u'])).toMatchObject([
    {
      resourceIds: ['group', 'b', 'a'],
      scope: {
        entryId: 'first',
        details: {
          members_added: 1,
          added_ids: ['a'],
          removed_ids: ['b'],
          workspace_members_added: { prod: { u: 'viewer' } },
        },
      },
    },
  ]);
});

it('names a member that was removed and added again once in the resources, and in both lists', () => {
  const [entry] = entriesFor({ added: ['a'], removed: ['a'] });

  expect(entry).toMatchObject({
    resourceIds: ['group', 'a'],
    scope: { details: { added_ids: ['a'], removed_ids: ['a'] } },
  });
});

it('names every member and every user in further entries of at most 100, which name the first', () => {
  const [added, removed, users] = [idsFrom('a', 150), idsFrom('r', 101), idsFrom('u', 201)];
  const joined = idsFrom('joined', 201).map((userId) => ({ groupId: 'group', userId, isAdded: true }));
  const left = { groupId: 'former', userId: 'u', isAdded: false };

  const entries = entriesFor({ added, removed }, users, [left, ...joined]);

  const details = entries.map(({ scope }) => scope?.details as Record<string, any>);
  expect(details.map(({ continues }) => continues)).toEqual([undefined, 'first', 'first']);
  expect(details.map((one) => one['members_added'])).toEqual([150, undefined, undefined]);
  expect(details.flatMap((one) => one['added_ids'] ?? [])).toEqual(added);
  expect(details.flatMap((one) => one['removed_ids'] ?? [])).toEqual(removed);
  const granted = details.map((one) => Object.keys(one['workspace_members_added'].prod));
  expect(granted.flat()).toEqual(users);
  expect(granted.map(({ length }) => length)).toEqual([100, 100, 1]);
  const following = details.map((one) => one['user_group_members_added']['group']);
  expect(following.flat()).toEqual(joined.map(({ userId }) => userId));
  expect(following.map(({ length }) => length)).toEqual([99, 100, 2]);
  expect(details.map((one) => one['user_group_members_removed'])).toEqual([
    { former: ['u'] },
    undefined,
    undefined,
  ]);
  expect(entries.map(({ resourceIds }) => resourceIds.length)).toEqual([101, 101, 52]);
});

it('is one entry for a group without members', () => {
  expect(entriesFor({ added: [], removed: [] })).toMatchObject([
    { resourceIds: ['group'], scope: { details: { members_added: 0 } } },
  ]);
});
