import { randomUUID } from 'node:crypto';
import type { Rows } from './rows.js';
import { sends, type Step, type Turn } from './step.js';
import { KEYS } from './world.js';

const WORKSPACE_KEYS = '/api/v1/api-key';
const titleOf = ({ rows, role }: Turn): string => rows.roles.find(({ id }) => id === role)?.title ?? role;
const keyOf = ({ rows, choice }: Turn): { id: string; name: string } | null =>
  rows.keys[choice.person % Math.max(rows.keys.length, 1)] ?? null;

const created = ({ rows, role }: Turn, workspaces: readonly string[]): Rows => ({
  ...rows,
  keys: [...rows.keys, { id: 'new', name: 'new', org_wide: false, org_role: null, role }],
  key_places: [...rows.key_places, ...workspaces.map((workspace) => ({ key: 'new', workspace }))],
});
const covered = ({ world, choice, workspace }: Turn): readonly string[] =>
  choice.other % 3 === 0 ? world.workspaces : [workspace];

const MANAGE_KEYS = { needs: 'workspaces:manage-keys', compares: 'gains' } as const;

/** A key is deleted without comparison, so what a narrower scope takes is not compared either. */
export const KEY_STEPS: Readonly<Record<string, Step>> = {
  'create workspace key': {
    ...MANAGE_KEYS,
    predict: (turn) => created(turn, [turn.workspace]),
    run: (turn) =>
      sends(
        `create a key as ${titleOf(turn)}`,
        turn.api.post(WORKSPACE_KEYS, { role_id: turn.role, description: `made ${turn.choice.other}` }),
      ),
  },
  'create key': {
    ...MANAGE_KEYS,
    predict: (turn) => created(turn, covered(turn)),
    run: (turn) => {
      const workspaces = covered(turn);
      return sends(
        `create a key of ${workspaces.length} workspaces as ${titleOf(turn)}`,
        turn.api.post(KEYS, { workspaces, role_id: turn.role, description: `made ${turn.choice.other}` }),
      );
    },
  },
  'change role of key': {
    ...MANAGE_KEYS,
    compares: 'everything',
    predict: (turn) => {
      const id = keyOf(turn)?.id;
      const keys = turn.rows.keys.map((one) => (one.id === id ? { ...one, role: turn.role } : one));
      return { ...turn.rows, keys };
    },
    run: async (turn) => {
      const key = keyOf(turn);
      if (!key) return null;
      return sends(
        `change ${key.name} to ${titleOf(turn)}`,
        turn.api.patch(`${KEYS}/${key.id}`, { role_id: turn.role }),
      );
    },
  },
  'change workspaces of key': {
    ...MANAGE_KEYS,
    run: async (turn) => {
      const key = keyOf(turn);
      if (!key) return null;
      const { workspaces } = turn.world;
      return sends(
        `let ${key.name} cover ${workspaces.length} workspaces`,
        turn.api.patch(`${KEYS}/${key.id}`, { workspaces }),
      );
    },
  },
  'create service account': {
    predict: ({ rows, role, workspace }) => ({
      ...rows,
      accounts: [...rows.accounts, { id: 'new', name: 'new', identity: 'new' }],
      account_places: [...rows.account_places, { account: 'new', workspace, role }],
    }),
    needs: 'organization:manage',
    compares: 'everything',
    run: (turn) =>
      sends(
        `create a service account as ${titleOf(turn)}`,
        turn.api.post('/api/v1/service-accounts', {
          name: `robot ${randomUUID()}`,
          workspaces: [{ workspace_id: turn.workspace, role_id: turn.role }],
        }),
      ),
  },
};
