import { randomUUID } from 'node:crypto';
import { sends, type Step, type Turn } from './step.js';
import { KEYS } from './world.js';

const WORKSPACE_KEYS = '/api/v1/api-key';
const titleOf = ({ rows, role }: Turn): string => rows.roles.find(({ id }) => id === role)?.title ?? role;
const keyOf = ({ rows, choice }: Turn): { id: string; name: string } | null =>
  rows.keys[choice.person % Math.max(rows.keys.length, 1)] ?? null;

const MANAGE_KEYS = { needs: 'workspaces:manage-keys', compares: 'gains' } as const;

/** A key is deleted without comparison, so what a narrower scope takes is not compared either. */
export const KEY_STEPS: Readonly<Record<string, Step>> = {
  'create workspace key': {
    ...MANAGE_KEYS,
    run: (turn) =>
      sends(
        `create a key as ${titleOf(turn)}`,
        turn.api.post(WORKSPACE_KEYS, { role_id: turn.role, description: `made ${turn.choice.other}` }),
      ),
  },
  'create key': {
    ...MANAGE_KEYS,
    run: (turn) => {
      const both = turn.choice.other % 3 === 0;
      const workspaces = both ? turn.world.workspaces : [turn.workspace];
      return sends(
        `create a key of ${workspaces.length} workspaces as ${titleOf(turn)}`,
        turn.api.post(KEYS, { workspaces, role_id: turn.role, description: `made ${turn.choice.other}` }),
      );
    },
  },
  'change role of key': {
    ...MANAGE_KEYS,
    compares: 'everything',
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
