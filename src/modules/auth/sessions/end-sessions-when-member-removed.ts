import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../../common/events/event-bus.js';
import { MemberDisabled, MemberRemoved } from '../../members/index.js';
import { SessionsService } from './sessions.service.js';

/** Whoever leaves an organization or is disabled there has to sign in again, in the same transaction that does it to him. */
@Injectable()
export class EndSessionsWhenMemberRemoved implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly sessions: SessionsService,
  ) {}

  onModuleInit(): void {
    this.events.on(MemberDisabled, ({ userId }) => this.sessions.endAllOf(userId));
    this.events.on(MemberRemoved, ({ userId }) => this.sessions.endAllOf(userId));
  }
}
