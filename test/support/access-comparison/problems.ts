import { isDeepStrictEqual } from 'node:util';
import { CHECK } from '../access-policies.js';
import {
  administratorsOf,
  type Change,
  gainsBeyond,
  lossesBeyond,
  probesOf,
  tagGainsBeyond,
} from './excess.js';
import { may, Oracle } from './oracle.js';
import type { Rows } from './rows.js';
import type { Choice, Outcome, Step, Turn } from './step.js';
import type { World } from './world.js';

type Taken = { turn: Turn; step: Step; outcome: Outcome };

/** What is wrong after a step: as sentences, empty if nothing is. */
export async function problemsOf(change: Change, taken: Taken): Promise<string[]> {
  const { world, choice } = taken.turn;
  const ofChange = taken.outcome.status < 300 ? ofAccepted(change, taken) : ofRefused(change);
  return [...ofChange, ...(await disagreements(world, change.after, choice))];
}

const ofRefused = ({ before, after }: Change): string[] =>
  isDeepStrictEqual(before, after) ? [] : ['the request was refused and changed something'];

function ofAccepted(change: Change, { turn, step }: Taken): string[] {
  const ranks = [change.before, change.after].map(administratorsOf);
  return [
    ...(isDeepStrictEqual(ranks[0], ranks[1]) ? [] : [`administrators are ${ranks[1]}, were ${ranks[0]}`]),
    ...excessOf(change, step, turn),
  ];
}

/** What the change gives and takes beyond what its caller has, as far as the step is compared. */
export function excessOf(change: Change, { compares, exempt }: Step, turn: Turn): string[] {
  if (compares === 'never') return [];
  if (compares === 'tags') return tagGainsBeyond(change);
  const gains = gainsBeyond(change, exempt?.(turn));
  return compares === 'gains' ? gains : [...gains, ...lossesBeyond(change)];
}

/** Compares what the server returns about a member with what the rows say. */
async function disagreements(world: World, rows: Rows, choice: Choice): Promise<string[]> {
  const { email, userId } = world.person(choice.person + choice.other);
  if (!rows.members.some(({ user }) => user === userId)) return [];
  const workspace = world.at('workspaces', choice.other);
  const held = Oracle.of(rows).now({ kind: 'person', id: email }, workspace);
  const asked = askedOf(rows, choice).map(async (probe) => {
    const { status, body } = await world.org.admin.api.post(CHECK, {
      ...{ workspace_id: workspace, user_id: userId, permission: probe.permission },
      ...(probe.type === null ? {} : { resource_type: probe.type, resource_tags: probe.tags }),
    });
    if (status === 200 && body.allowed === may(held, probe)) return [];
    return [`${email}: ${JSON.stringify(probe)} is ${may(held, probe)}, not ${JSON.stringify(body)}`];
  });
  return (await Promise.all(asked)).flat();
}

/** One of all questions, and one about a resource. */
function askedOf(rows: Rows, { person, role, other }: Choice) {
  const probes = probesOf(rows);
  const onResources = probes.filter(({ type }) => type !== null);
  const asked = [
    probes[(role * 12 + other) % probes.length],
    onResources[(person * 12 + other) % onResources.length],
  ];
  return asked.filter((probe) => probe !== undefined);
}
