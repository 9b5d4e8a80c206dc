import { Injectable } from '@nestjs/common';
import { OrgMembersService } from '../../members/index.js';
import { OrgsService } from '../../orgs/index.js';
import { AddressProofs } from '../../passwords/index.js';
import { UsersService } from '../../users/index.js';
import type { AccountStanding } from './account-standing.js';

/** The standing of existing accounts that an organization adds as members; used with password login only. */
@Injectable()
export class ExistingAccounts {
  constructor(
    private readonly users: UsersService,
    private readonly members: OrgMembersService,
    private readonly orgs: OrgsService,
    private readonly proofs: AddressProofs,
  ) {}

  /**
   * By user id, for users who are not members of the organization. The result stays valid until the transaction ends:
   * passwords, and accounts without one, are locked before memberships are read.
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

  /** `held`: users with any membership. `shared`: users with a membership in an organization that is not personal. */
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
