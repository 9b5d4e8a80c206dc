import fc from 'fast-check';
import type { SsoEnvironment } from '../sso-environment.js';
import { createWorld } from './create-world.js';
import { describeWorld } from './describe-world.js';
import { GROUP_STEPS } from './group-steps.js';
import { KEY_STEPS } from './key-steps.js';
import { MEMBER_STEPS } from './member-steps.js';
import { REQUEST_STEPS } from './request-steps.js';
import { NAME_STEPS } from './name-steps.js';
import { Oracle } from './oracle.js';
import { excessOf, problemsOf } from './problems.js';
import type { Rows } from './rows.js';
import { SCIM_STEPS } from './scim-steps.js';
import { signInWithGroups } from './sign-in-with-groups.js';
import { callersWith, type Choice, type Step, type Turn } from './step.js';
import type { Caller, World } from './world.js';
import { worldChoices } from './world-choice.js';

const STEPS: Readonly<Record<string, Step>> = {
  ...MEMBER_STEPS,
  ...GROUP_STEPS,
  ...REQUEST_STEPS,
  ...KEY_STEPS,
  ...NAME_STEPS,
  ...SCIM_STEPS,
};

const MOST_STEPS = 40;
const MOST_PROBLEMS = 6;
const MOST_ATTEMPTS = 32;
const MOST_CALLERS = 8;
const MS_FOR_SHORTENING = 30_000;

const choices = fc.array(
  fc.record<Choice>({
    name: fc.constantFrom(
      ...Object.entries(STEPS).flatMap(([name, { weight = 1 }]) => Array<string>(weight).fill(name)),
    ),
    caller: fc.nat(7),
    workspace: fc.nat(1),
    person: fc.nat(11),
    role: fc.nat(7),
    other: fc.nat(11),
  }),
  { minLength: 1, maxLength: MOST_STEPS, size: 'max' },
);

/** A longer run: `ACCESS_COMPARISON_SEED=2 ACCESS_COMPARISON_WORLDS=500 npm test -- test/e2e/access-comparison`. */
const { ACCESS_COMPARISON_SEED: seed = 1, ACCESS_COMPARISON_WORLDS: worlds = 12 } = process.env;
export const LONGEST_PROOF_MS = 60 * 60_000;

/** By the names of steps. */
type Tally = Record<string, { accepted: number; refused: number }>;

/**
 * Makes random changes in random organizations, by callers below Organization Admin rank: none gives or takes what its
 * caller does not have, and a refused one changes nothing. `failure`: the world and the shortest sequence found that
 * shows the contrary, or null.
 */
export async function proveComparison(env: SsoEnvironment) {
  const tally: Tally = {};
  let end = Infinity;
  const property = fc.asyncProperty(worldChoices, choices, async (choice, sequence) => {
    if (Date.now() > end) return; // ends the search for a shorter sequence
    try {
      await run(await createWorld(env, choice), sequence, tally);
    } catch (error) {
      end = Math.min(end, Date.now() + MS_FOR_SHORTENING);
      throw error;
    }
  });
  const { failed, errorInstance } = await fc.check(property, { seed: Number(seed), numRuns: Number(worlds) });
  const accepted = Object.values(tally).reduce((sum, one) => sum + one.accepted, 0);
  return { accepted, failure: failed ? String(errorInstance) : null };
}

async function run(world: World, sequence: readonly Choice[], tally: Tally): Promise<void> {
  let rows = await world.rows();
  const said = [describeWorld(rows)];
  for (const choice of sequence) {
    const step = STEPS[choice.name];
    if (step && (await signInFor(step, choice, world))) rows = await world.rows();
    const turn = step && chooseTurn(world, rows, step, choice);
    const outcome = turn && (await step.run(turn));
    if (!outcome) continue;
    await signInFor(step, choice, world);
    const change = { before: rows, after: await world.rows(), caller: turn.caller.subject };
    rows = change.after;
    said.push(`${turn.caller.name} in ${turn.place}: ${outcome.said} → ${outcome.status}`);
    const problems = await problemsOf(change, { turn, step, outcome });
    if (problems.length > 0) throw new Error([...said, ...problems.slice(0, MOST_PROBLEMS)].join('\n'));
    const count = (tally[choice.name] ??= { accepted: 0, refused: 0 });
    count[outcome.status < 300 ? 'accepted' : 'refused']++;
  }
}

async function signInFor({ signsIn }: Step, { other }: Choice, world: World): Promise<boolean> {
  if (!signsIn || other % 2 > 0) return false;
  await signInWithGroups(world);
  return true;
}

/**
 * Two times in three, a request that has to be refused, if one is found near the choice; best one that would be allowed
 * without user groups, without policies that deny, or without those that allow.
 */
function chooseTurn(world: World, rows: Rows, step: Step, choice: Choice): Turn | null {
  const { predict, exempt } = step;
  const callers = Array.from({ length: exempt ? MOST_CALLERS : 1 }, (_, n) => choice.caller + n);
  const possible = callers.map((caller) => turnOf(world, rows, step, { ...choice, caller }));
  let chosen = possible.find((turn) => turn && !exempt?.(turn)) ?? possible[0] ?? null;
  const without = REDUCTIONS[(choice.person + choice.role) % REDUCTIONS.length];
  if (!predict || !without || choice.other % 3 === 0) return chosen;
  const reduced = without(rows);
  for (let n = 0; n < MOST_ATTEMPTS; n++) {
    const turn = turnOf(world, rows, step, nearTo(choice, n));
    if (!turn) continue;
    const after = predict(turn);
    const isExcess = (before: Rows, later: Rows) =>
      excessOf({ before, after: later, caller: turn.caller.subject }, step, turn).length > 0;
    if (!isExcess(rows, after)) continue;
    chosen = turn;
    if (!isExcess(reduced, without(after))) break;
  }
  return chosen;
}

const nearTo = ({ caller, person, role, workspace, ...choice }: Choice, n: number): Choice => ({
  ...choice,
  ...{ caller: caller + n, person: person + 5 * n, role: role + 3 * n, workspace: workspace + (n >> 2) },
});

const REDUCTIONS: readonly ((rows: Rows) => Rows)[] = [
  (rows) => ({ ...rows, group_members: [], group_accounts: [] }),
  (rows) => ({ ...rows, policies: rows.policies.filter(({ effect }) => effect === 'allow') }),
  (rows) => ({ ...rows, policies: rows.policies.filter(({ effect }) => effect === 'deny') }),
];

/** Null if no caller could make the request. */
function turnOf(world: World, rows: Rows, { needs }: Step, choice: Choice): Turn | null {
  const workspace = world.at('workspaces', choice.workspace);
  const able = needs === null ? [world.tokenOfOperator] : callersWith(world, rows, needs, workspace);
  const caller = able[choice.caller % Math.max(able.length, 1)];
  if (!caller) return null;
  const workspaceId = needs?.startsWith('workspaces:') ? workspace : '';
  return {
    ...{ world, rows, caller, choice, workspace, api: caller.api.as({ workspaceId }) },
    place: rows.workspaces.find(({ id }) => id === workspace)?.name ?? workspace,
    role: roleOf(world, rows, caller, choice),
  };
}

/** One of those whose permissions the caller holds or, every fourth time, of all. */
function roleOf(world: World, rows: Rows, { subject }: Caller, { role, other, workspace }: Choice): string {
  const { permissions } = Oracle.of(rows).now(subject, world.at('workspaces', workspace));
  const held = world.roles.filter((id) =>
    rows.roles.find((one) => one.id === id)?.permissions.every((one) => permissions.has(one)),
  );
  const list = other % 4 > 0 && held.length > 0 ? held : world.roles;
  return list[role % list.length] ?? '';
}
