import { randomUUID } from 'node:crypto';
import { TAG_KEYS, TAGGINGS } from '../tags.js';
import { Oracle } from './oracle.js';
import { sends, type Step, type Turn } from './step.js';
import { NAMES, PREPARED, RESOURCES } from './world.js';

const WORKSPACES = '/api/v1/workspaces';

/** A name counts if its author held every permission of the workspace. */
function countsAs({ rows, caller, workspace }: Turn): string | undefined {
  const everything = rows.roles.find(({ name }) => name === 'WORKSPACE_ADMIN')?.permissions ?? [];
  const { permissions } = Oracle.of(rows).now(caller.subject, workspace);
  return everything.every((one) => permissions.has(one)) ? workspace : undefined;
}

const valueOf = ({ rows, workspace, choice }: Turn) => {
  const values = rows.tag_values.filter((one) => one.workspace === workspace);
  return values[choice.other % Math.max(values.length, 1)] ?? null;
};
const onValue =
  (
    said: string,
    send: (
      turn: Turn,
      value: NonNullable<ReturnType<typeof valueOf>>,
      path: string,
    ) => Promise<{ status: number }>,
  ) =>
  async (turn: Turn) => {
    const value = valueOf(turn);
    const path = `${TAG_KEYS}/${value?.key_id}`;
    return value ? sends(`${said} ${value.key}: ${value.value}`, send(turn, value, path)) : null;
  };

/** Losses do not count: a name is not refused because it makes a claim ambiguous. */
const MANAGE = { needs: 'workspaces:manage', compares: 'gains' } as const;
const OF_TAGS = { needs: 'workspaces:manage', compares: 'tags' } as const;

export const NAME_STEPS: Readonly<Record<string, Step>> = {
  'rename workspace': {
    ...MANAGE,
    weight: 4,
    signsIn: true,
    exempt: countsAs,
    run: (turn) => {
      const isFree = !turn.rows.workspaces.some((one) => one.name === PREPARED);
      const name = isFree ? PREPARED : NAMES[turn.world.workspaces.indexOf(turn.workspace)];
      return sends(
        `rename the workspace to ${name}`,
        turn.api.patch(`${WORKSPACES}/${turn.workspace}`, { display_name: name }),
      );
    },
  },
  'create workspace': {
    needs: 'organization:manage',
    compares: 'gains', // new workspaces are left out
    signsIn: true,
    run: (turn) => {
      const name = turn.choice.person % 4 === 0 ? PREPARED : `Workspace ${turn.choice.person}`;
      return sends(`create the workspace ${name}`, turn.api.post(WORKSPACES, { display_name: name }));
    },
  },
  'change separator': {
    needs: 'organization:manage',
    weight: 3,
    compares: 'everything',
    signsIn: true,
    run: ({ api, choice }) => {
      const scim_group_name_separator = choice.other % 2 === 0 ? '-' : ':';
      return sends(
        `separate names of groups by ${scim_group_name_separator}`,
        api.patch('/api/v1/orgs/current/info', { scim_group_name_separator }),
      );
    },
  },
  'rename role': {
    needs: 'organization:manage',
    compares: 'everything',
    run: ({ api, role, choice }) =>
      sends(
        'rename a role',
        api.patch(`/api/v1/orgs/current/roles/${role}`, {
          ...{ display_name: `Role ${choice.other}`, description: '', permissions: ['workspaces:read'] },
        }),
      ),
  },
  'tag resource': {
    ...OF_TAGS,
    run: onValue('tag a resource with', ({ api, choice }, { id }) =>
      api.post(TAGGINGS, {
        ...{ tag_value_id: id, resource_type: 'dataset' },
        resource_id: RESOURCES[choice.person % RESOURCES.length],
      }),
    ),
  },
  'untag resource': {
    ...OF_TAGS,
    run: async ({ api, rows, workspace, choice }) => {
      const own = rows.taggings.filter((one) => one.workspace === workspace);
      const tagging = own[choice.other % Math.max(own.length, 1)];
      if (!tagging) return null;
      return sends(`untag ${tagging.key}: ${tagging.value}`, api.delete(`${TAGGINGS}/${tagging.id}`));
    },
  },
  'rename tag key': {
    ...OF_TAGS,
    run: onValue('rename the key of', ({ api, choice }, _, path) =>
      api.patch(path, { key: ['Team', 'Env', 'Other', randomUUID()][choice.person % 4] }),
    ),
  },
  'rename tag value': {
    ...OF_TAGS,
    run: onValue('rename the value of', ({ api, choice }, { id }, path) =>
      api.patch(`${path}/tag-values/${id}`, { value: ['A', 'B', 'C', randomUUID()][choice.person % 4] }),
    ),
  },
  'delete tag key': { ...OF_TAGS, run: onValue('delete the key of', ({ api }, _, path) => api.delete(path)) },
  'delete tag value': {
    ...OF_TAGS,
    run: onValue('delete the value', ({ api }, { id }, path) => api.delete(`${path}/tag-values/${id}`)),
  },
};
