import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { RolesController } from './roles.controller.js';
import { RolesRepository } from './roles.repository.js';
import { RolesService } from './roles.service.js';

/** Roles and their permissions, without their holders. */
@Module({
  imports: [AuditModule],
  controllers: [RolesController],
  providers: [RolesRepository, RolesService],
  exports: [RolesService],
})
export class RolesModule {}
