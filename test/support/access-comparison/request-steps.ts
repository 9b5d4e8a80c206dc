import { randomUUID } from 'node:crypto';
import type { Rows } from './rows.js';
import { personName, sends, type Step, type Turn } from './step.js';

const REQUESTS = '/api/v1/orgs/current/access-requests';

type Target = { workspace: string; role: string } | { group: string };

/**
 * An open request of the chosen person, as if they had made it; null if the caller would decide their own, or if an
 * earlier step deleted the group.
 */
async function requested({ world, rows, caller, choice }: Turn, target: Target): Promise<string | null> {
  const { userId, email } = world.person(choice.person);
  if (email === caller.subject.id) return null;
  if ('group' in target && !rows.groups.some(({ id }) => id === target.group)) return null;
  const { sql } = world.env.t;
  const [id, workspace, group] = [
    randomUUID(),
    'workspace' in target ? target.workspace : null,
    'group' in target ? target.group : null,
  ];
  const from = rows.places.find((one) => one.user === userId && one.workspace === workspace)?.role ?? null;
  await sql(
    `with place as (update workspaces set requestable = true where id = $4 and not requestable),
       "group" as (update user_groups set requestable = true where id = $7 and not requestable),
       earlier as (delete from access_requests where requester_id = $3 returning id)
     insert into access_requests (id, org_id, requester_id, workspace_id, role_id, from_role_id, user_group_id, reason, expires_at)
     select $1, $2, $3, $4, $5, $6, $7, 'Why', now() + interval '1 day' from org_memberships
     where org_id = $2 and user_id = $3 and (select count(*) from earlier) >= 0`,
    [id, world.org.orgId, userId, workspace, 'role' in target ? target.role : null, from, group],
  );
  return id;
}

const approves = async (turn: Turn, target: Target, said: string) => {
  const id = await requested(turn, target);
  const who = personName(turn.world.person(turn.choice.person).email);
  return id === null
    ? null
    : sends(`approve ${who} ${said}`, turn.api.post(`${REQUESTS}/${id}/approval`, {}));
};

const groupOf = ({ world, choice }: Turn): string => world.at('groups', choice.other);

/** The rows with the role in the workspace, whether or not the person had another one. */
function withRole({ world, rows, workspace, role, choice }: Turn): Rows {
  const { userId: user } = world.person(choice.person);
  const others = rows.places.filter((one) => one.user !== user || one.workspace !== workspace);
  const known = rows.places.find((one) => one.user === user && one.workspace === workspace);
  const place = { id: '', user, workspace, source: 'manual', ...known, role };
  return { ...rows, places: [...others, place] };
}

/** Access that members ask for is given with the rights of whoever approves it. */
export const REQUEST_STEPS: Readonly<Record<string, Step>> = {
  'approve role': {
    needs: 'workspaces:manage-members',
    compares: 'everything',
    weight: 3,
    predict: withRole,
    run: (turn) => approves(turn, turn, `with ${turn.role} in ${turn.place}`),
  },
  'approve group': {
    needs: 'organization:user-groups:manage-members',
    compares: 'everything',
    weight: 2,
    predict: (turn) => {
      const [group, { userId: user }] = [groupOf(turn), turn.world.person(turn.choice.person)];
      const { rows } = turn;
      return { ...rows, group_members: [...rows.group_members, { group, user, source: 'manual' }] };
    },
    run: (turn) => approves(turn, { group: groupOf(turn) }, 'in a user group'),
  },
};
