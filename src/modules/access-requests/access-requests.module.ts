import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { MembersModule } from '../members/index.js';
import { NoticesModule } from '../notices/index.js';
import { RolesModule } from '../roles/index.js';
import { UserGroupsModule } from '../user-groups/index.js';
import { AccessRequestsController } from './access-requests.controller.js';
import { AccessRequestsService } from './access-requests.service.js';
import { MakeAccessRequest } from './asking/make-access-request.js';
import { AccessRequestsReadModel } from './core/access-requests.read-model.js';
import { AccessRequestsRepository } from './core/access-requests.repository.js';
import { AccessTargets } from './core/access-targets.read-model.js';
import { ApprovalTerms } from './deciding/approval-terms.js';
import { ApproveAccessRequest } from './deciding/approve-access-request.js';
import { DecidableRequests } from './deciding/decidable-requests.js';
import { DecideAccessRequest } from './deciding/decide-access-request.js';
import { AccessRequestMailsRepository } from './mail/access-request-mails.repository.js';

/** Members ask for access to workspaces and user groups; whoever could give it decides. */
@Module({
  imports: [AuditModule, RolesModule, MembersModule, NoticesModule, UserGroupsModule],
  controllers: [AccessRequestsController],
  providers: [
    AccessRequestsRepository,
    AccessRequestsReadModel,
    AccessTargets,
    DecidableRequests,
    AccessRequestsService,
    AccessRequestMailsRepository,
    MakeAccessRequest,
    DecideAccessRequest,
    ApprovalTerms,
    ApproveAccessRequest,
  ],
})
export class AccessRequestsModule {}
