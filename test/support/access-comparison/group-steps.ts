import { randomUUID } from 'node:crypto';
import { GROUPS } from '../user-groups.js';
import type { Rows } from './rows.js';
import { personName, sends, type Step, type Turn } from './step.js';

const titleOf = ({ rows, role }: Turn): string => rows.roles.find(({ id }) => id === role)?.title ?? role;
const groupOf = ({ world, choice }: Turn): string => world.at('groups', choice.other);
const nameOf = ({ choice }: Turn): string => `Group ${choice.other % 2}`;
/** A child group in the workspace. */
const childOf = ({ rows, workspace, choice }: Turn): { id: string; name: string } | null => {
  const children = rows.groups.filter((one) => one.workspace === workspace);
  return children[choice.other % Math.max(children.length, 1)] ?? null;
};
/** Of a person or of a service account. */
const identityOf = ({ world, rows, choice }: Turn): { id: string; name: string } => {
  const account = rows.accounts[choice.person % 8];
  if (choice.person % 8 < 2 && account) return { id: account.identity, name: account.name };
  const { membershipId, email } = world.person(choice.person);
  return { id: membershipId, name: personName(email) };
};
const policyOf = ({ world, rows, choice }: Turn): { id: string; name: string } => {
  const id = world.at('policies', choice.role);
  return { id, name: rows.policies.find((one) => one.id === id)?.name ?? id };
};

const added = (turn: Turn, group: string | undefined): Rows => {
  const { rows } = turn;
  const { id } = identityOf(turn);
  const user = rows.members.find((one) => one.id === id)?.user;
  const account = rows.accounts.find(({ identity }) => identity === id)?.id;
  if (!group) return rows;
  return {
    ...rows,
    group_members: user ? [...rows.group_members, { group, user, source: 'manual' }] : rows.group_members,
    group_accounts: account ? [...rows.group_accounts, { group, account }] : rows.group_accounts,
  };
};
const removed = (turn: Turn, group: string | undefined): Rows => {
  const { rows } = turn;
  const { id } = identityOf(turn);
  const user = rows.members.find((one) => one.id === id)?.user;
  const account = rows.accounts.find(({ identity }) => identity === id)?.id;
  return {
    ...rows,
    group_members: rows.group_members.filter((one) => one.group !== group || one.user !== user),
    group_accounts: rows.group_accounts.filter((one) => one.group !== group || one.account !== account),
  };
};
const attached = (turn: Turn, group: string | undefined): Rows => {
  const { id: policy } = policyOf(turn);
  const { group_policies } = turn.rows;
  return group
    ? { ...turn.rows, group_policies: [...group_policies, { group, policy, workspace: null }] }
    : turn.rows;
};
const detached = (turn: Turn, group: string | undefined): Rows => {
  const { id: policy } = policyOf(turn);
  const isDetached = (one: Rows['group_policies'][number]) =>
    one.group === group && one.policy === policy && one.workspace === null;
  return { ...turn.rows, group_policies: turn.rows.group_policies.filter((one) => !isDetached(one)) };
};
/** The rows with another role of the group in the workspace; null ends the grant. */
const granted = ({ role, ...turn }: Turn, isNew: boolean, ends = false): Rows => {
  const parent = groupOf({ ...turn, role });
  const { rows, workspace } = turn;
  const child = rows.groups.find((one) => one.parent === parent && one.workspace === workspace);
  if (!child && isNew) {
    const grant = { id: 'new', name: 'new', parent, workspace, role, idp: null, sync: false };
    return { ...rows, groups: [...rows.groups, grant] };
  }
  if (!child || isNew) return rows;
  const others = rows.groups.filter(({ id }) => id !== child.id);
  return { ...rows, groups: ends ? others : [...others, { ...child, role }] };
};

const ofOrg = (what: string) =>
  ({ needs: `organization:user-groups:${what}`, compares: 'everything' }) as const;
const ofChild = (what: string) =>
  ({ needs: `workspaces:user-groups:${what}`, compares: 'everything' }) as const;

const onChild =
  (said: (turn: Turn) => string, send: (turn: Turn, path: string) => Promise<{ status: number }>) =>
  async (turn: Turn) => {
    const child = childOf(turn);
    return child ? sends(`${child.name}: ${said(turn)}`, send(turn, `${GROUPS}/${child.id}`)) : null;
  };
const onGroup =
  (said: (turn: Turn) => string, send: (turn: Turn, path: string) => Promise<{ status: number }>) =>
  (turn: Turn) =>
    sends(`${nameOf(turn)}: ${said(turn)}`, send(turn, `${GROUPS}/${groupOf(turn)}`));

const add = {
  said: (turn: Turn) => `add ${identityOf(turn).name}`,
  send: (turn: Turn, path: string) =>
    turn.api.post(`${path}/members`, { identity_ids: [identityOf(turn).id] }),
};
const remove = {
  said: (turn: Turn) => `remove ${identityOf(turn).name}`,
  send: (turn: Turn, path: string) => turn.api.delete(`${path}/members/${identityOf(turn).id}`),
};
const attach = {
  said: (turn: Turn) => `attach ${policyOf(turn).name}`,
  send: (turn: Turn, path: string) =>
    turn.api.post(`${path}/access-policies`, { access_policy_id: policyOf(turn).id }),
};
const detach = {
  said: (turn: Turn) => `detach ${policyOf(turn).name}`,
  send: (turn: Turn, path: string) => turn.api.delete(`${path}/access-policies/${policyOf(turn).id}`),
};

export const GROUP_STEPS: Readonly<Record<string, Step>> = {
  'add to group': {
    ...ofOrg('manage-members'),
    run: onGroup(add.said, add.send),
    predict: (turn) => added(turn, groupOf(turn)),
  },
  'remove from group': {
    ...ofOrg('manage-members'),
    run: onGroup(remove.said, remove.send),
    predict: (turn) => removed(turn, groupOf(turn)),
  },
  'grant to group': {
    ...ofOrg('manage-grants'),
    predict: (turn) => granted(turn, true),
    run: onGroup(
      (turn) => `grant ${titleOf(turn)}`,
      ({ api, workspace, role }, path) =>
        api.post(`${path}/workspaces`, { workspace_id: workspace, role_id: role }),
    ),
  },
  'change grant': {
    ...ofOrg('manage-grants'),
    predict: (turn) => granted(turn, false),
    run: onGroup(
      (turn) => `grant ${titleOf(turn)} instead`,
      ({ api, workspace, role }, path) => api.patch(`${path}/workspaces/${workspace}`, { role_id: role }),
    ),
  },
  'revoke grant': {
    ...ofOrg('manage-grants'),
    predict: (turn) => granted(turn, false, true),
    run: onGroup(
      () => 'revoke the grant',
      ({ api, workspace }, path) => api.delete(`${path}/workspaces/${workspace}`),
    ),
  },
  'attach to group': {
    ...ofOrg('manage-policies'),
    run: onGroup(attach.said, attach.send),
    predict: (turn) => attached(turn, groupOf(turn)),
  },
  'detach from group': {
    ...ofOrg('manage-policies'),
    run: onGroup(detach.said, detach.send),
    predict: (turn) => detached(turn, groupOf(turn)),
  },
  'delete group': {
    ...ofOrg('manage'),
    predict: (turn) => {
      const id = groupOf(turn);
      const groups = turn.rows.groups.filter((one) => one.id !== id && one.parent !== id);
      return { ...turn.rows, groups };
    },
    run: onGroup(
      () => 'delete',
      ({ api }, path) => api.delete(path),
    ),
  },
  'synchronize group': {
    ...ofOrg('manage'),
    signsIn: true,
    run: onGroup(
      ({ choice }) => (choice.person % 4 === 0 ? 'do not follow' : 'follow designers'),
      ({ api, choice }, path) =>
        api.patch(
          path,
          choice.person % 4 === 0
            ? { idp_group_name: null }
            : { idp_group_name: 'designers', idp_sync_enabled: true },
        ),
    ),
  },
  'create group': {
    ...ofOrg('manage'),
    run: (turn) => sends('create a group', turn.api.post(GROUPS, { name: `Group ${randomUUID()}` })),
  },
  'add to child': {
    ...ofChild('manage-members'),
    run: onChild(add.said, add.send),
    predict: (turn) => added(turn, childOf(turn)?.id),
  },
  'remove from child': {
    ...ofChild('manage-members'),
    run: onChild(remove.said, remove.send),
    predict: (turn) => removed(turn, childOf(turn)?.id),
  },
  'attach to child': {
    ...ofChild('manage-policies'),
    run: onChild(attach.said, attach.send),
    predict: (turn) => attached(turn, childOf(turn)?.id),
  },
  'detach from child': {
    ...ofChild('manage-policies'),
    run: onChild(detach.said, detach.send),
    predict: (turn) => detached(turn, childOf(turn)?.id),
  },
};
