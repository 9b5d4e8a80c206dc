import { randomUUID } from 'node:crypto';
import type { Sequence } from '../area.ts';
import { GROUP, get, newAddress, newName, patch, post, put, refused, userOf } from './requests.ts';

const MEMBERS: Sequence = {
  name: 'members',
  run: async (client) => {
    const { id: user } = await client.create('/Users', userOf(newAddress()));
    const { id: inner } = await client.create('/Groups', { displayName: newName() });
    const displayName = newName();
    const { id } = await client.create('/Groups', { displayName, members: [{ value: user }] });
    const unknown = { value: randomUUID() };
    const add = (value: object) => patch(`/Groups/${id}`, { op: 'add', path: 'members', value: [value] });
    const invalid = refused(400, 'invalidValue');
    await client.check(
      'refuses POST with an unknown member',
      post('/Groups', { displayName: newName(), members: [unknown] }),
      invalid,
    );
    await client.check(
      'refuses PUT with an unknown member',
      put(`/Groups/${id}`, { displayName, members: [unknown] }),
      invalid,
    );
    await client.check('refuses to add an unknown member', add(unknown), invalid);
    await client.check('refuses a group as a member by its id', add({ value: inner }), invalid);
    await client.check(
      'refuses a group as a member by its type',
      add({ ...unknown, type: 'Group' }),
      invalid,
    );
    await client.check('keeps the members', get(`/Groups/${id}`), {
      status: 200,
      body: { members: [{ value: user }] },
    });
  },
};

const NAMES: Sequence = {
  name: 'names of groups',
  run: async (client) => {
    const [taken, own] = [newName(), newName()];
    await client.create('/Groups', { displayName: taken });
    const { id } = await client.create('/Groups', { displayName: own });
    const value = taken.toUpperCase();
    const conflict = refused(409, 'uniqueness');
    await client.check(
      'refuses POST of a name in another case',
      post('/Groups', { displayName: value }),
      conflict,
    );
    await client.check(
      'refuses PATCH to a name in another case',
      patch(`/Groups/${id}`, { op: 'replace', path: 'displayName', value }),
      conflict,
    );
    await client.check(
      'refuses PUT with a name in another case',
      put(`/Groups/${id}`, { displayName: value }),
      conflict,
    );
    await client.check(
      'accepts its own name in another case',
      put(`/Groups/${id}`, { displayName: own.toUpperCase() }),
      {
        status: 200,
        body: { displayName: own.toUpperCase() },
      },
    );
    await client.check('publishes the name as unique', get(`/Schemas/${GROUP}`), {
      status: 200,
      body: { attributes: (published: unknown) => uniquenessOf(published, 'displayName') === 'server' },
    });
  },
};

const uniquenessOf = (attributes: unknown, name: string): string | undefined =>
  (attributes as { name: string; uniqueness: string }[]).find((one) => one.name === name)?.uniqueness;

export const GROUPS: readonly Sequence[] = [MEMBERS, NAMES];
