import { Injectable } from '@nestjs/common';
import { OrgMembersService } from '../members/index.js';
import { OrgsService } from '../orgs/index.js';
import { AddressProofs, UsersService } from '../users/index.js';
import type { AccountStanding } from './account-standing.js';

/** Accounts that exist when an organization brings their owners in by itself; where people log in with passwords. */
@Injectable()
export class ExistingAccounts {
  constructor(
    private readonly users: UsersService,
    private readonly members: OrgMembersService,
    private readonly orgs: OrgsService,
    private readonly proofs: AddressProofs,
  ) {}

  /**
   * By user, of people who are no members of the organization. It stays true until the open transaction ends: passwords,
   * and accounts without one, are locked before memberships are read. A fixed number of statements.
   */
  async standingOf(orgId: string, userIds: readonly string[]): Promise<Map<string, AccountStanding>> {
    if (userIds.length === 0) return new Map();
    const origins = await this.proofs.passwordsOf(userIds);
    const proofFor = await this.proofs.ofAccounts(userIds, orgId);
    await this.users.lock(userIds.filter((userId) => !origins.has(userId)));
    const { held, shared } = await this.heldBy(userIds);
    const standing = (userId: string): AccountStanding => {
      const origin = origins.get(userId);
      if (!origin) return held.has(userId) ? 'theirs' : 'unused';
      const proof = proofFor(userId);
      return proof === 'none' || origin.addressProved || shared.has(userId) ? 'theirs' : proof;
    };
    return new Map(userIds.map((userId) => [userId, standing(userId)]));
  }

  /** Those of these people who are in any organization, and in one that is nobody's personal one. */
  private async heldBy(userIds: readonly string[]) {
    const memberships = await this.members.listOrgMembershipsOfAll(userIds);
    const orgs = await this.orgs.listByIds([...new Set(memberships.map(({ orgId }) => orgId))]);
    const sharedIds = new Set(orgs.filter(({ isPersonal }) => !isPersonal).map(({ id }) => id));
    const inShared = memberships.filter(({ orgId }) => sharedIds.has(orgId));
    return {
      held: new Set(memberships.map(({ userId }) => userId)),
      shared: new Set(inShared.map(({ userId }) => userId)),
    };
  }
}
