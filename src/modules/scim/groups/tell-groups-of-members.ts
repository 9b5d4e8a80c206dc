import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../../common/events/event-bus.js';
import { GroupsOfMembersAsked } from '../../invitations/index.js';
import { GroupMembersRepository } from './group-members.repository.js';

/** Lists of members show the groups that SCIM keeps. */
@Injectable()
export class TellGroupsOfMembers implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly members: GroupMembersRepository,
  ) {}

  onModuleInit(): void {
    this.events.on(GroupsOfMembersAsked, async (asked) => {
      const groups = await this.members.listGroupsOf(asked.orgId, asked.userIds);
      for (const { userId, name, createdAt } of groups) asked.add(userId, { name, createdAt });
    });
  }
}
