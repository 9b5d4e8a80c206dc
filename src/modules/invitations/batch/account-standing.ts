import type { AddressProof } from '../../passwords/index.js';
import { isEnoughFor } from '../core/invitation-proof.js';
import type { InviteProblem } from '../rights/invite-rights.js';

/**
 * What an organization may do with the account of a user who is not its member. `unused`: the account has no password
 * and no membership, so it is treated as new. `theirs`: the user has to accept an invitation. Otherwise the
 * organization created it, and its password proves the address to that extent.
 */
export type AccountStanding = 'unused' | 'theirs' | Exclude<AddressProof, 'none'>;

type Addition = {
  readonly email: string;
  /** The org roles that the user would receive. */
  readonly orgRoleIds: readonly string[];
};

/** Why an existing account cannot be made a member without an invitation; empty if it can. */
export function accountProblems({ email, orgRoleIds }: Addition, standing: AccountStanding): InviteProblem[] {
  if (standing === 'unused') return [];
  if (standing === 'theirs') return [forbidden(`${email} ${NOT_MADE_HERE}`)];
  return orgRoleIds.every((roleId) => isEnoughFor(standing, roleId))
    ? []
    : [forbidden(`${email} ${UNKNOWN_ORIGIN}`)];
}

/** API keys add new accounts only (docs/contract/passwords.md#who-may-choose-a-password). */
export const keyProblem = (email: string): InviteProblem =>
  forbidden(
    `${email} already has an account; an API key can add new accounts only. Sign in, or invite the user.`,
  );

const NOT_MADE_HERE =
  'has an account that this organization did not create; invite the user, who can then accept or decline.';

const UNKNOWN_ORIGIN =
  'has a password, but it is not known who chose it, so the user cannot become Organization Admin or Operator ' +
  'with it; add them as Organization User, set a new password, and change the role then.';

const forbidden = (msg: string): InviteProblem => ({ field: 'email', kind: 'forbidden', msg });
