import { Module } from '@nestjs/common';
import { AuditModule } from '../../audit/index.js';
import { MembersModule } from '../../members/index.js';
import { OrgsModule } from '../../orgs/index.js';
import { SessionsModule } from '../../sessions/index.js';
import { UsersModule } from '../../users/index.js';
import { MemberSessionsController } from './member-sessions.controller.js';
import { MemberSessionsService } from './member-sessions.service.js';

/** The sessions of members, as Organization Admins see and end them. */
@Module({
  imports: [AuditModule, UsersModule, MembersModule, OrgsModule, SessionsModule],
  controllers: [MemberSessionsController],
  providers: [MemberSessionsService],
})
export class MemberSessionsModule {}
