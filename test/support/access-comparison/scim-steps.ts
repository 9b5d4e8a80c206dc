import { GROUP, userOf } from '../scim.js';
import { personName, sends, type Step, type Turn } from './step.js';
import { PREPARED } from './world.js';

const titleOf = ({ rows, role }: Turn): string => rows.roles.find(({ id }) => id === role)?.title ?? role;
const workspaceOf = ({ rows, workspace }: Turn): string =>
  rows.workspaces.find(({ id }) => id === workspace)?.name ?? workspace;
const userIn = ({ rows, choice }: Turn): { id: string; email: string } | null =>
  rows.scim_users[choice.person % Math.max(rows.scim_users.length, 1)] ?? null;
const groupIn = ({ rows, choice }: Turn): { id: string; name: string } | null =>
  rows.scim_groups[choice.other % Math.max(rows.scim_groups.length, 1)] ?? null;

const onUser =
  (said: string, send: (turn: Turn, path: string, email: string) => Promise<{ status: number }>) =>
  async (turn: Turn) => {
    const user = userIn(turn);
    return user
      ? sends(`${said} ${personName(user.email)}`, send(turn, `/Users/${user.id}`, user.email))
      : null;
  };
const onMember =
  (said: string, send: (turn: Turn, path: string, userId: string) => Promise<{ status: number }>) =>
  async (turn: Turn) => {
    const [user, group] = [userIn(turn), groupIn(turn)];
    if (!user || !group) return null;
    return sends(
      `${said} ${personName(user.email)}, ${group.name}`,
      send(turn, `/Groups/${group.id}`, user.id),
    );
  };

const BY_TOKEN = { needs: null, compares: 'everything' } as const;

/** Requests with a token that an operator created. */
export const SCIM_STEPS: Readonly<Record<string, Step>> = {
  'SCIM: create user': {
    ...BY_TOKEN,
    compares: 'gains', // accepting ends the invitation
    run: ({ world, choice }) => {
      const all = [...world.pending, ...world.strangers, ...world.people.map(({ email }) => email)];
      const email = all[choice.person % all.length] ?? '';
      return sends(`create the user ${personName(email)}`, world.operatorScim.post('/Users', userOf(email)));
    },
  },
  'SCIM: switch user': {
    ...BY_TOKEN,
    compares: 'gains', // a disabled member is judged as if active
    run: onUser('switch', ({ world, choice }, path) =>
      world.operatorScim.patch(path, [{ op: 'replace', value: { active: choice.other % 2 === 0 } }]),
    ),
  },
  'SCIM: delete user': {
    ...BY_TOKEN,
    compares: 'never',
    run: onUser('delete', ({ world }, path) => world.operatorScim.delete(path)),
  },
  'SCIM: create group': {
    ...BY_TOKEN,
    run: async (turn) => {
      const user = userIn(turn);
      const workspace = turn.choice.other % 3 === 0 ? PREPARED : workspaceOf(turn);
      const displayName = `${turn.choice.other}:Organization User:${workspace}:${titleOf(turn)}`;
      const members = user ? [{ value: user.id }] : [];
      return sends(
        `create ${displayName} with ${user?.email}`,
        turn.world.operatorScim.post('/Groups', { schemas: [GROUP], displayName, members }),
      );
    },
  },
  'SCIM: add to group': {
    ...BY_TOKEN,
    run: onMember('add to group', ({ world }, path, value) =>
      world.operatorScim.patch(path, [{ op: 'add', path: 'members', value: [{ value }] }]),
    ),
  },
  'SCIM: remove from group': {
    ...BY_TOKEN,
    run: onMember('remove from group', ({ world }, path, value) =>
      world.operatorScim.patch(path, [{ op: 'remove', path: `members[value eq "${value}"]` }]),
    ),
  },
  'SCIM: replace group': {
    ...BY_TOKEN,
    run: async (turn) => {
      const [user, group] = [userIn(turn), groupIn(turn)];
      if (!user || !group) return null;
      const body = { schemas: [GROUP], displayName: group.name, members: [{ value: user.id }] };
      return sends(
        `let ${group.name} contain ${personName(user.email)}`,
        turn.world.operatorScim.put(`/Groups/${group.id}`, body),
      );
    },
  },
  'SCIM: delete group': {
    ...BY_TOKEN,
    run: async (turn) => {
      const group = groupIn(turn);
      if (!group) return null;
      return sends(`delete ${group.name}`, turn.world.operatorScim.delete(`/Groups/${group.id}`));
    },
  },
};
