import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../../common/events/event-bus.js';
import { MemberRemoved } from '../../members/index.js';
import { SessionsService } from './sessions.service.js';

/** Whoever leaves an organization has to sign in again, in the same transaction that takes him out. */
@Injectable()
export class EndSessionsWhenMemberRemoved implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly sessions: SessionsService,
  ) {}

  onModuleInit(): void {
    this.events.on(MemberRemoved, ({ userId }) => this.sessions.endAllOf(userId));
  }
}
