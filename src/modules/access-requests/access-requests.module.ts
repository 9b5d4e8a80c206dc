import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { MembersModule } from '../members/index.js';
import { NoticesModule } from '../notices/index.js';
import { RolesModule } from '../roles/index.js';
import { UserGroupsModule } from '../user-groups/index.js';
import { AccessRequestsController } from './access-requests.controller.js';
import { AccessRequestsService } from './access-requests.service.js';
import { AccessRequestMailsRepository } from './core/access-request-mails.repository.js';
import { AccessRequestsReadModel } from './core/access-requests.read-model.js';
import { AccessRequestsRepository } from './core/access-requests.repository.js';
import { AccessTargets } from './core/access-targets.read-model.js';
import { ApproveAccessRequest } from './approve-access-request.js';
import { DecideAccessRequest } from './decide-access-request.js';
import { MakeAccessRequest } from './make-access-request.js';

/** Members ask for access to workspaces and user groups; whoever could give it decides. */
@Module({
  imports: [AuditModule, RolesModule, MembersModule, NoticesModule, UserGroupsModule],
  controllers: [AccessRequestsController],
  providers: [
    AccessRequestsRepository,
    AccessRequestsReadModel,
    AccessTargets,
    AccessRequestsService,
    AccessRequestMailsRepository,
    MakeAccessRequest,
    DecideAccessRequest,
    ApproveAccessRequest,
  ],
  exports: [AccessRequestsService],
})
export class AccessRequestsModule {}
