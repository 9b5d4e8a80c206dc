import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../../common/events/event-bus.js';
import { GroupsOfMembersQuery } from '../../invitations/index.js';
import { GroupMembersRepository } from './group-members.repository.js';

/** Loads the SCIM groups that member lists show. */
@Injectable()
export class LoadGroupsOfMembers implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly members: GroupMembersRepository,
  ) {}

  onModuleInit(): void {
    this.events.on(GroupsOfMembersQuery, async (query) => {
      const groups = await this.members.listGroupsOf(query.orgId, query.userIds);
      for (const { userId, name, createdAt } of groups) query.add(userId, { name, createdAt });
    });
  }
}
