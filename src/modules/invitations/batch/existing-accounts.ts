import { Injectable } from '@nestjs/common';
import { OrgMembersService } from '../../members/index.js';
import { OrgsRepository } from '../../orgs/index.js';
import { type AddressProof, AddressProofs } from '../../passwords/index.js';
import { UsersRepository } from '../../users/index.js';
import { isEnoughFor } from '../core/accept-invitation.js';
import type { InviteProblem } from '../rights/invite-rights.js';

/** The status of existing accounts that an organization adds as members; used with password login only. */
@Injectable()
export class ExistingAccounts {
  constructor(
    private readonly users: UsersRepository,
    private readonly members: OrgMembersService,
    private readonly orgs: OrgsRepository,
    private readonly proofs: AddressProofs,
  ) {}

  /**
   * By user id, for users who are not members of the organization. The result stays valid until the transaction ends:
   * passwords, and accounts without one, are locked before memberships are read.
   */
  async statusesOf(orgId: string, userIds: readonly string[]): Promise<Map<string, AccountStatus>> {
    if (userIds.length === 0) return new Map();
    const origins = await this.proofs.passwordsOf(userIds);
    const proofFor = await this.proofs.ofAccounts(userIds, orgId);
    await this.users.lock(userIds.filter((userId) => !origins.has(userId)));
    const { held, shared } = await this.heldBy(userIds);
    const statusOf = (userId: string): AccountStatus => {
      const origin = origins.get(userId);
      if (!origin) return held.has(userId) ? 'user-owned' : 'unused';
      const proof = proofFor(userId);
      return proof === 'none' || origin.addressProved || shared.has(userId) ? 'user-owned' : proof;
    };
    return new Map(userIds.map((userId) => [userId, statusOf(userId)]));
  }

  /** `held`: users with any membership. `shared`: users with a membership in an organization that is not personal. */
  private async heldBy(userIds: readonly string[]) {
    const memberships = await this.members.listOrgMemberships(userIds);
    const orgs = await this.orgs.listByIds([...new Set(memberships.map(({ orgId }) => orgId))]);
    const sharedIds = new Set(orgs.filter(({ isPersonal }) => !isPersonal).map(({ id }) => id));
    const inShared = memberships.filter(({ orgId }) => sharedIds.has(orgId));
    return {
      held: new Set(memberships.map(({ userId }) => userId)),
      shared: new Set(inShared.map(({ userId }) => userId)),
    };
  }
}

/**
 * What an organization may do with the account of a user who is not its member. `unused`: the account has no password
 * and no membership, so it is treated as new. `user-owned`: the user has to accept an invitation. Otherwise the
 * organization created it, and its password proves the address to that extent.
 */
export type AccountStatus = 'unused' | 'user-owned' | Exclude<AddressProof, 'none'>;

type Addition = {
  readonly email: string;
  /** The org roles that the user would receive. */
  readonly orgRoleIds: readonly string[];
};

/** Why an existing account cannot be made a member without an invitation; empty if it can. */
export function accountProblems({ email, orgRoleIds }: Addition, status: AccountStatus): InviteProblem[] {
  if (status === 'unused') return [];
  if (status === 'user-owned') return [forbidden(`${email} ${NOT_MADE_HERE}`)];
  return orgRoleIds.every((roleId) => isEnoughFor(status, roleId))
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
