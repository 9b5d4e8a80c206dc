import fc from 'fast-check';
import type { TestApp } from '../test-app.js';
import { type Choice, STEPS, type Turn } from './steps.js';
import { EVERYDAY } from './everyday.js';
import { ORG } from './ledger.js';
import { ADMIN, type Credential, EDITOR, LEAD, nameOf, OPERATOR, USER, VIEWER, World } from './world.js';

const MOST_STEPS = 50;
const MOST_PROBLEMS = 6;
const MS_FOR_SHORTENING = 30_000;

const NAMES = [
  ...Object.entries(STEPS).flatMap(([name, { weight }]) => Array<string>(weight).fill(name)),
  ...Object.keys(EVERYDAY),
];
const choices = fc.array(
  fc.record<Choice>({
    name: fc.constantFrom(...NAMES),
    ...{ caller: fc.nat(59), person: fc.nat(59), role: fc.nat(59) },
    ...{ place: fc.nat(3), end: fc.nat(5), other: fc.nat(59) },
  }),
  { minLength: MOST_STEPS - 10, maxLength: MOST_STEPS, size: 'max' },
);

/** A longer run: docs/testing.md. */
const { LASTING_RIGHTS_SEED: seed = 1, LASTING_RIGHTS_WORLDS: worlds = 20 } = process.env;
export const LONGEST_PROOF_MS = 60 * 60_000;

/**
 * Random changes in random organizations by callers of whom some end: after that, no one has rank that only they gave, and none of them
 * has anything that only they themselves gave. `failure`: the shortest sequence found that shows the contrary, or null.
 */
export async function proveLastingRights(t: TestApp) {
  const done = { worlds: 0, steps: 0, accepted: 0, refused: 0, stepsUntilFound: 0 };
  let end = Infinity;
  const property = fc.asyncProperty(choices, async (sequence) => {
    if (Date.now() > end) return; // ends the search for a shorter sequence
    const said: string[] = [];
    try {
      const world = await World.create(t);
      for (const choice of sequence) {
        const outcome = await takeStep(world, choice);
        if (!outcome) continue;
        done.steps++;
        const accepted = outcome.status < 300;
        done[accepted ? 'accepted' : 'refused']++;
        if (accepted) said.push(outcome.said);
      }
      done.worlds++;
      const problems = await world.problemsAfterTheInstant();
      if (problems.length > 0) throw new Error([...said, ...problems.slice(0, MOST_PROBLEMS)].join('\n'));
    } catch (error) {
      done.stepsUntilFound ||= done.steps;
      end = Math.min(end, Date.now() + MS_FOR_SHORTENING);
      throw error;
    }
  });
  const { failed, errorInstance } = await fc.check(property, { seed: Number(seed), numRuns: Number(worlds) });
  if (process.env['LASTING_RIGHTS_WORLDS']) process.stderr.write(`${JSON.stringify({ seed, ...done })}\n`);
  return { ...done, failure: failed ? String(errorInstance) : null };
}

const ORG_ROLES = [ADMIN, USER, OPERATOR, USER];

async function takeStep(world: World, choice: Choice) {
  world.turn++;
  const everyday = EVERYDAY[choice.name];
  if (everyday) {
    await everyday(world);
    return { said: choice.name, status: 200 };
  }
  const place =
    world.workspaces[choice.name.includes('group') ? Number(choice.place === 3) : choice.place >> 1]!;
  const by = callerOf(world, choice, place);
  const placeRoles = [LEAD, LEAD, VIEWER, EDITOR, ...world.custom];
  const person = personOf(world, choice, { by, place });
  const session = by.kind === 'person' && !by.id ? await sessionOf(world, by) : by.api;
  const turn: Turn = {
    ...{
      world,
      ledger: world.ledger,
      by,
      person,
      email: person.email,
      place,
      api: world.inOrg(session),
      inPlace: session.as({ workspaceId: place }),
    },
    group: world.groups[groupOf(choice)]!,
    orgRole: laterOf(choice) === OPERATOR && choice.end > 3 ? ADMIN : ORG_ROLES[choice.role % 4]!,
    placeRole: placeRoles[choice.role % placeRoles.length]!,
    ...{ ends: choice.end > 2, later: choice.end > 3 ? laterOf(choice) : null, other: choice.other },
  };
  const attempt = await STEPS[choice.name]!.run(turn);
  if (!attempt) return null;
  const [request, keep, ...says] = attempt;
  const { status, body } = await request;
  if (status < 300) keep(body);
  const about = [choice.name, nameOf(person.email), ...says].join(' ');
  return { status, said: `${by.name} in ${world.nameOfPlace(place)}: ${about} (${nameOf(by.person)})` };
}

/** People are added to a group that has rank, and others are given roles. */
const groupOf = ({ name, other }: Choice) =>
  name === 'add to group' ? Math.max(0, (other % 5) - 2) : other % 7 === 0 ? 0 : 1 + (other % 2);
const laterOf = ({ name, role }: Choice) =>
  name === 'change organization role' ? (role % 3 === 0 ? USER : OPERATOR) : VIEWER;

async function sessionOf(world: World, by: Credential) {
  const person = world.people.find(({ email }) => email === by.person);
  return person && by.name === nameOf(by.person) ? world.signIn(person) : by.api;
}

/** Who may make the change: mostly those who end, and what they made. SCIM steps are by SCIM tokens. */
function callerOf(
  { ledger, founder, credentials }: World,
  { name, caller }: Choice,
  place: string,
): Credential {
  const { needs } = STEPS[name]!;
  const kind = name.startsWith('SCIM') ? 'scim' : 'key';
  const at = needs.startsWith('workspaces:') ? place : ORG;
  const made = credentials.filter(
    (one) => one.kind === kind && (kind === 'scim' || one.place === ORG || (one.place === at && at !== ORG)),
  );
  const left = made.filter(({ person }) => !ledger.roleOf(person, at) && !ledger.roleOf(person, ORG));
  if (left.length > 0 && kind === 'key' && caller % 4 > 0) return left[caller % left.length]!;
  if (made.length > 0 && (kind === 'scim' || caller % 2 === 0)) return made[caller % made.length]!;
  const able = credentials.filter(
    (one) => one.kind === 'person' && ledger.giversOf(one.person, at, needs, 'now').length > 0,
  );
  const ending = able.filter(({ person }) => ledger.isTemporary(person));
  const list = caller < 45 && ending.length > 0 ? ending : [founder, ...able];
  return list[caller % list.length]!;
}

/** Every other time the caller, or who made the key. */
function personOf(
  { ledger, people }: World,
  { name, person }: Choice,
  { by, place }: { by: Credential; place: string },
) {
  const { who } = STEPS[name]!;
  const possible = people.filter(({ email }) => {
    const isMember = !!ledger.roleOf(email, ORG);
    const isHere = !!ledger.roleOf(email, place);
    if (who === 'stranger' || who === 'anybody') return who === 'anybody' || !isMember;
    return isMember && (who === 'member' || isHere === (who === 'here'));
  });
  const list = possible.length > 0 ? possible : people;
  const own = list.find(({ email }) => email === by.person);
  return ((person % 2 === 0 || who === 'stranger') && own) || list[person % list.length]!;
}
