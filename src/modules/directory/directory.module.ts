import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { InvitationsModule } from '../invitations/index.js';
import { MembersModule } from '../members/index.js';
import { UserGroupsModule } from '../user-groups/index.js';
import { WorkspacesModule } from '../workspaces/index.js';
import { AccessCheckController } from './access-check/access-check.controller.js';
import { AccessCheckService } from './access-check/access-check.service.js';
import { AccessFacts } from './access-check/access-facts.read-model.js';
import { DecideAccess } from './access-check/decide-access.js';
import { AccessReportController } from './access-report/access-report.controller.js';
import { ExportAccessReport } from './access-report/export-access-report.js';
import { EnrichedMembers } from './enriched-members/enriched-members.read-model.js';
import { EnrichedMembersController } from './enriched-members/enriched-members.controller.js';
import { MemberAccessController } from './member-access/member-access.controller.js';
import { MemberAccessReport } from './member-access/member-access-report.read-model.js';
import { MemberListsController } from './member-lists.controller.js';
import { MemberRosterController } from './member-roster.controller.js';

/** Read models over several modules. Owns no table. */
@Module({
  imports: [AuditModule, MembersModule, UserGroupsModule, WorkspacesModule, InvitationsModule],
  controllers: [
    AccessCheckController,
    AccessReportController,
    EnrichedMembersController,
    MemberAccessController,
    MemberListsController,
    MemberRosterController,
  ],
  providers: [
    AccessCheckService,
    AccessFacts,
    DecideAccess,
    EnrichedMembers,
    ExportAccessReport,
    MemberAccessReport,
  ],
  exports: [DecideAccess],
})
export class DirectoryModule {}
