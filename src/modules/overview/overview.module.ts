import { Module } from '@nestjs/common';
import { AccessRequestsModule } from '../access-requests/index.js';
import { AuditModule } from '../audit/index.js';
import { CredentialsModule } from '../credentials/index.js';
import { InvitationsModule } from '../invitations/index.js';
import { MembersModule } from '../members/index.js';
import { OverviewController } from './overview.controller.js';
import { OverviewService } from './overview.service.js';

/** An organization in numbers. */
@Module({
  imports: [AuditModule, MembersModule, InvitationsModule, AccessRequestsModule, CredentialsModule],
  controllers: [OverviewController],
  providers: [OverviewService],
})
export class OverviewModule {}
