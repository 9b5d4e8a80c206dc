import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../common/event-bus.js';
import { MemberRemoved, MembersDisabled, OrgMembersService } from '../members/index.js';
import { OrgsRepository } from '../orgs/index.js';
import { SessionsService } from './sessions.service.js';

/**
 * Revokes the sessions of a user who loses their last active membership, in the same transaction. A session is valid in
 * all organizations, and kept by a user who is active in another one (docs/decisions/0012).
 */
@Injectable()
export class EndSessionsWithoutMembership implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly members: OrgMembersService,
    private readonly orgs: OrgsRepository,
    private readonly sessions: SessionsService,
  ) {}

  onModuleInit(): void {
    this.events.on(MembersDisabled, ({ orgId, userIds }) => this.endUnlessActiveElsewhere(orgId, userIds));
    this.events.on(MemberRemoved, ({ orgId, userId }) => this.endUnlessActiveElsewhere(orgId, [userId]));
  }

  private async endUnlessActiveElsewhere(orgId: string, userIds: readonly string[]): Promise<void> {
    const memberships = await this.members.listOrgMemberships(userIds);
    const others = memberships.filter((one) => one.orgId !== orgId && !one.isDisabled);
    const orgs = await this.orgs.listByIds([...new Set(others.map((one) => one.orgId))]);
    const open = orgs.filter(({ isPersonal, isDisabled }) => !isPersonal && !isDisabled);
    const openIds = new Set(open.map(({ id }) => id));
    const active = new Set(others.filter((one) => openIds.has(one.orgId)).map(({ userId }) => userId));
    await this.sessions.endAllOf(userIds.filter((userId) => !active.has(userId)));
  }
}
