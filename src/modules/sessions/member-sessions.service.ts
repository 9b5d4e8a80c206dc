import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { required } from '../../common/collections.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { AuditTrail } from '../audit/index.js';
import { OrgMembersService } from '../members/index.js';
import { OrgsRepository } from '../orgs/index.js';
import { ORG_ADMIN_ID } from '../roles/index.js';
import type { SessionCount } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';
import { UsersRepository } from '../users/index.js';
import { SessionsAreShared } from './errors.js';

/** The sessions of a member, which are valid in all of their organizations (docs/contract/members.md#sessions-of-a-member). */
@Injectable()
export class MemberSessionsService {
  constructor(
    private readonly members: OrgMembersService,
    private readonly orgs: OrgsRepository,
    private readonly users: UsersRepository,
    private readonly sessions: SessionsService,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws MemberNotFound */
  async count(orgId: string, membershipId: string): Promise<SessionCount> {
    const { userId } = await this.members.get(orgId, membershipId);
    return this.sessions.countOf(userId);
  }

  /** The caller's too, if that is the member. @throws MemberNotFound or SessionsAreShared */
  endAll(principal: OrgPrincipal, membershipId: string): Promise<void> {
    return this.transaction.as(principal, async () => {
      const { userId } = await this.members.get(principal.orgId, membershipId);
      await this.assertAdminWhereverActive(principal, userId);
      const sessions = await this.sessions.endAllOf([userId]);
      const scope = { details: { sessions }, resourceOwnerId: userId };
      await this.audit.record(principal, 'delete_org_member_sessions', [membershipId], scope);
    });
  }

  /**
   * Whether the caller is Organization Admin in each organization in which the user is active. Holds until the
   * transaction ends: changes of their memberships wait for it, and so do joining another organization and signing in.
   * Personal organizations count only for callers who act in one.
   */
  private async assertAdminWhereverActive(principal: OrgPrincipal, userId: string): Promise<void> {
    const callerId = required(principal.userId, 'the user of a session');
    await this.members.lockOrgMemberships([callerId, userId]);
    await this.users.lock([userId]);
    const memberships = await this.members.listOrgMemberships([callerId, userId]); // with those added before the lock
    const active = memberships.filter(({ isDisabled }) => !isDisabled);
    const ofCaller = active.filter((one) => one.userId === callerId && one.roleId === ORG_ADMIN_ID);
    const administered = new Set(ofCaller.map(({ orgId }) => orgId));
    const others = active.filter((one) => one.userId === userId && !administered.has(one.orgId));
    if (others.length === 0) return;
    const orgs = await this.orgs.listByIds([principal.orgId, ...others.map(({ orgId }) => orgId)]);
    const isFromPersonal = orgs.some(({ id, isPersonal }) => id === principal.orgId && isPersonal);
    const counts = orgs.filter(
      ({ isPersonal, isDisabled }) => !isDisabled && (isFromPersonal || !isPersonal),
    );
    if (counts.some(({ id }) => !administered.has(id))) throw new SessionsAreShared();
  }
}
