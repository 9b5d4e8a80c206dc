import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { RolesModule } from '../roles/index.js';
import { AccessPoliciesController } from './access-policies.controller.js';
import { AccessPoliciesRepository } from './access-policies.repository.js';
import { AccessPoliciesService } from './access-policies.service.js';

@Module({
  imports: [AuditModule, RolesModule],
  controllers: [AccessPoliciesController],
  providers: [AccessPoliciesRepository, AccessPoliciesService],
  exports: [AccessPoliciesService],
})
export class PoliciesModule {}
