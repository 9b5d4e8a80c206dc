import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { MembersModule } from '../members/index.js';
import { UserGroupsModule } from '../user-groups/index.js';
import { WorkspacesModule } from '../workspaces/index.js';
import { AccessCheckController } from './access-check/access-check.controller.js';
import { AccessCheckService } from './access-check/access-check.service.js';
import { AskingRights } from './authzen/asking-rights.js';
import { AuthzenController } from './authzen/authzen.controller.js';
import { AuthzenMetadataController } from './authzen/authzen-metadata.controller.js';
import { Evaluate } from './authzen/evaluate.js';
import { AccessFacts } from './decisions/access-facts.read-model.js';
import { DecideAccess } from './decisions/decide-access.js';
import { MemberAccessController } from './member-access/member-access.controller.js';
import { MemberAccessReport } from './member-access/member-access-report.read-model.js';
import { AccessReportController } from './report/access-report.controller.js';
import { ExportAccessReport } from './report/export-access-report.js';
import { CandidatesReadModel } from './authzen/candidates.read-model.js';
import { SearchAccess } from './authzen/search-access.js';

/** Who may do what here, and why: checks, searches, explanations and the report. Owns no table. */
@Module({
  imports: [AuditModule, MembersModule, UserGroupsModule, WorkspacesModule],
  controllers: [
    AccessCheckController,
    AccessReportController,
    AuthzenController,
    AuthzenMetadataController,
    MemberAccessController,
  ],
  providers: [
    AccessCheckService,
    AccessFacts,
    AskingRights,
    CandidatesReadModel,
    DecideAccess,
    Evaluate,
    ExportAccessReport,
    MemberAccessReport,
    SearchAccess,
  ],
})
export class AccessAnswersModule {}
