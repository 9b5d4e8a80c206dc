import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../../common/events/event-bus.js';
import { MemberDisabled, MemberRemoved, OrgMembersService } from '../../members/index.js';
import { OrgsService } from '../../orgs/index.js';
import { SessionsService } from './sessions.service.js';

/**
 * Whoever leaves his last organization, or is disabled there, has to sign in again, in the same transaction that does it
 * to him. A session is one over all organizations: who is active in another keeps it, so that no organization can put out
 * the people of another; in the one that he left it is worth nothing (docs/decisions/0012).
 */
@Injectable()
export class EndSessionsWhenMemberRemoved implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly members: OrgMembersService,
    private readonly orgs: OrgsService,
    private readonly sessions: SessionsService,
  ) {}

  onModuleInit(): void {
    this.events.on(MemberDisabled, (left) => this.endUnlessActiveElsewhere(left));
    this.events.on(MemberRemoved, (left) => this.endUnlessActiveElsewhere(left));
  }

  private async endUnlessActiveElsewhere({ orgId, userId }: MemberDisabled | MemberRemoved): Promise<void> {
    const memberships = await this.members.listOrgsOf(userId);
    const others = memberships.filter((one) => one.orgId !== orgId && !one.isDisabled);
    const orgs = await this.orgs.list(others.map((one) => one.orgId));
    const isActiveElsewhere = orgs.some(({ isPersonal, isDisabled }) => !isPersonal && !isDisabled);
    if (!isActiveElsewhere) await this.sessions.endAllOf(userId);
  }
}
