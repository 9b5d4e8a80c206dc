import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { AccessPoliciesController } from './policies/access-policies.controller.js';
import { AccessPoliciesRepository } from './policies/access-policies.repository.js';
import { AccessPoliciesService } from './policies/access-policies.service.js';
import { RoleAccessPoliciesController } from './policies/role-access-policies.controller.js';
import { RolesController } from './roles/roles.controller.js';
import { RolesRepository } from './roles/roles.repository.js';
import { RolesService } from './roles/roles.service.js';

/** Roles, their permissions and the access policies attached to them, without their holders. */
@Module({
  imports: [AuditModule],
  controllers: [RolesController, AccessPoliciesController, RoleAccessPoliciesController],
  providers: [RolesRepository, RolesService, AccessPoliciesRepository, AccessPoliciesService],
  exports: [RolesService, AccessPoliciesService],
})
export class RbacModule {}
