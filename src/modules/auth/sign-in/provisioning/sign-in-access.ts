import { Injectable } from '@nestjs/common';
import { awaitAll } from '../../../../database/transactions/unit-of-work.js';
import {
  type EndedAccess,
  EndedAccessLookup,
  OrgMembersService,
  type OrgMembership,
} from '../../../members/index.js';
import { OrgsRepository } from '../../../orgs/index.js';
import type { Access, SignInFacts } from './sign-in-decision.js';

export type HeldAccess = Pick<SignInFacts, 'access' | 'accessElsewhere' | 'accessHasEnded'> & {
  /** The organization of the oldest membership; null without any. */
  readonly oldestOrgId: string | null;
  /** In the default organization; null if it has not ended. */
  readonly endedAccess: EndedAccess | null;
};

const NO_ACCESS: HeldAccess = {
  access: 'none',
  accessElsewhere: 'none',
  accessHasEnded: false,
  oldestOrgId: null,
  endedAccess: null,
};

@Injectable()
export class SignInAccess {
  constructor(
    private readonly members: OrgMembersService,
    private readonly ended: EndedAccessLookup,
    private readonly orgs: OrgsRepository,
  ) {}

  /** Stays valid until the session is opened. `userId` null: there is no account. */
  async of(userId: string | null, defaultOrgId: string): Promise<HeldAccess> {
    if (userId === null) return NO_ACCESS;
    const [memberships, ended] = await awaitAll([
      this.members.lockOrgMemberships([userId]),
      this.ended.ofUser(userId),
    ]);
    const endedAccess = ended.find(({ orgId }) => orgId === defaultOrgId) ?? null;
    return {
      ...(await this.accessBy(memberships, defaultOrgId)),
      accessHasEnded: endedAccess !== null,
      oldestOrgId: memberships[0]?.orgId ?? null,
      endedAccess,
    };
  }

  /** Personal organizations do not count as access. */
  private async accessBy(memberships: readonly OrgMembership[], defaultOrgId: string) {
    const orgs = await this.orgs.listByIds(memberships.map(({ orgId }) => orgId));
    const shared = new Set(orgs.filter(({ isPersonal }) => !isPersonal).map(({ id }) => id));
    const inDefaultOrg = memberships.filter(({ orgId }) => orgId === defaultOrgId);
    const elsewhere = memberships.filter(({ orgId }) => orgId !== defaultOrgId && shared.has(orgId));
    return { access: bestAccess(inDefaultOrg), accessElsewhere: bestAccess(elsewhere) };
  }
}

function bestAccess(memberships: readonly OrgMembership[]): Access {
  if (memberships.some(({ isDisabled }) => !isDisabled)) return 'active';
  return memberships.length > 0 ? 'disabled' : 'none';
}
