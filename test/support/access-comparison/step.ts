import type { Api } from '../api.js';
import type { Caller, World } from './world.js';
import { Oracle } from './oracle.js';
import type { Rows } from './rows.js';

/** Numbers that select what a step is about. */
export type Choice = {
  name: string;
  caller: number;
  workspace: number;
  person: number;
  role: number;
  other: number;
};

/** A step with what was selected from the lists of its world, and the rows before it. */
export type Turn = {
  world: World;
  rows: Rows;
  caller: Caller;
  /** The caller's client, in the workspace. */
  api: Api;
  choice: Choice;
  workspace: string;
  /** The name of the workspace. */
  place: string;
  role: string;
};

/** `said`: what was requested, for the report of a failure. Status 400 and above: nothing may have changed. */
export type Outcome = { said: string; status: number };

/**
 * `needs`: a permission of the caller in the workspace or in the organization; a caller who has it is chosen. Null for
 * steps by an operator's SCIM token. `run` returns null if the step does not apply.
 */
export type Step = {
  needs: string | null;
  /** `never`: only that nothing changes when the request is refused. */
  compares: 'everything' | 'gains' | 'tags' | 'never';
  /** A subject whose groups at the provider are sent in a sign-in before and after. */
  signsIn?: boolean;
  /** The workspace whose gains are not compared, since the caller held every permission there. */
  exempt?: (turn: Turn) => string | undefined;
  run(turn: Turn): Promise<Outcome | null>;
  /** The rows after it if it is accepted, as far as they are known; for finding requests that have to be refused. */
  predict?: (turn: Turn) => Rows;
  /** How often the step is chosen; 1 by default. */
  weight?: number;
};

/** The caller's name in reports, and of other people by their addresses. */
export const personName = (email: string): string => email.split('-')[0] ?? email;

export function callersWith(world: World, rows: Rows, needs: string, workspace: string): Caller[] {
  const oracle = Oracle.of(rows);
  return world.callers.filter(({ subject }) =>
    needs.startsWith('organization:')
      ? managesOrganization(oracle, rows, subject.id)
      : oracle.now(subject, workspace).permissions.has(needs),
  );
}

/** Below Organization Admin rank, these hold every permission of the organization that steps need. */
function managesOrganization(oracle: Oracle, { keys }: Rows, id: string): boolean {
  const key = keys.find((one) => one.id === id);
  const role = key ? key.org_role && oracle.roleName(key.org_role) : oracle.orgRoleOf(id);
  return role === 'ORGANIZATION_OPERATOR' || (!!key && role === 'ORGANIZATION_ADMIN');
}

export const sends = async (said: string, reply: Promise<{ status: number }>): Promise<Outcome> => ({
  said,
  status: (await reply).status,
});
