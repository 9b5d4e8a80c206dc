import type { AddressProof } from '../users/index.js';
import { isEnoughFor } from './invitation-proof.js';
import type { InviteProblem } from './invite-rights.js';

/**
 * What an organization may do with an account whose owner is no member of it. `unused`: nobody can sign in with it, and no
 * organization holds it, so it is as good as new. `theirs`: its owner has to agree, by accepting an invitation. Else this
 * organization made it, and its password proves the address for these roles.
 */
export type AccountStanding = 'unused' | 'theirs' | Exclude<AddressProof, 'none'>;

type Addition = {
  readonly email: string;
  /** What the person would become in the organization. */
  readonly orgRoleIds: readonly string[];
};

/** Why the owner of an account that exists cannot be made a member without an invitation. */
export function accountProblems({ email, orgRoleIds }: Addition, standing: AccountStanding): InviteProblem[] {
  if (standing === 'unused') return [];
  if (standing === 'theirs') return [forbidden(`${email} ${NOT_MADE_HERE}`)];
  return orgRoleIds.every((roleId) => isEnoughFor(standing, roleId))
    ? []
    : [forbidden(`${email} ${UNKNOWN_ORIGIN}`)];
}

/** Contract decision 48: a key makes new accounts only. */
export const keyProblem = (email: string): InviteProblem =>
  forbidden(
    `${email} has an account already; with a key only new accounts are made. Sign in, or invite the person.`,
  );

const NOT_MADE_HERE =
  'has an account that was not made by this organization; invite the person, who can then accept or decline.';

const UNKNOWN_ORIGIN =
  'has a password of which it is not known who chose it, so the person cannot become Organization Admin or Operator ' +
  'with it; add them as Organization User, set a new password, and change the role then.';

const forbidden = (msg: string): InviteProblem => ({ field: 'email', kind: 'forbidden', msg });
