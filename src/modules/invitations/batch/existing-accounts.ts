import { Injectable } from '@nestjs/common';
import { unique } from '../../../common/collections.js';
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

  /** By user id. True until the transaction ends: passwords and accounts are locked before memberships are read. */
  async statusesOf(orgId: string, userIds: readonly string[]): Promise<Map<string, AccountStatus>> {
    if (userIds.length === 0) return new Map();
    const origins = await this.proofs.passwordsOf(userIds);
    const proofFor = await this.proofs.ofAccounts(userIds, orgId);
    await this.users.lock(userIds.filter((userId) => !origins.has(userId)));
    const memberships = await this.members.listOrgMemberships(userIds);
    const orgs = await this.orgs.listByIds(unique(memberships.map((one) => one.orgId)));
    const sharedOrgs = new Set(orgs.filter(({ isPersonal }) => !isPersonal).map(({ id }) => id));
    const held = new Set(memberships.map(({ userId }) => userId));
    const shared = new Set(
      memberships.filter((one) => sharedOrgs.has(one.orgId)).map(({ userId }) => userId),
    );
    const statusOf = (userId: string): AccountStatus => {
      const origin = origins.get(userId);
      if (!origin) return held.has(userId) ? 'user-owned' : 'unused';
      const proof = proofFor(userId);
      return proof === 'none' || origin.addressProved || shared.has(userId) ? 'user-owned' : proof;
    };
    return new Map(userIds.map((userId) => [userId, statusOf(userId)]));
  }
}

/**
 * `unused`: without password and membership, so treated as new. `user-owned`: the user has to accept an invitation.
 * Otherwise the organization created it, and its password proves the address to that extent.
 */
export type AccountStatus = 'unused' | 'user-owned' | Exclude<AddressProof, 'none'>;

/** Why an existing account cannot be made a member without an invitation; empty if it can. */
export function accountProblems(
  email: string,
  orgRoleIds: readonly string[],
  status: AccountStatus,
): InviteProblem[] {
  if (status === 'unused') return [];
  if (status === 'user-owned') return [forbidden(`${email} ${NOT_MADE_HERE}`)];
  const isEnough = orgRoleIds.every((roleId) => isEnoughFor(status, roleId));
  return isEnough ? [] : [forbidden(`${email} ${UNKNOWN_ORIGIN}`)];
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
