import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { MembersModule } from '../members/index.js';
import { OrgsModule } from '../orgs/index.js';
import { RolesModule } from '../roles/index.js';
import { UsersModule } from '../users/index.js';
import { OrganizationCreationController } from './organization-creation.controller.js';
import { OrganizationCreationService } from './organization-creation.service.js';
import { ProvisionOrganization } from './provision-organization.js';
import { VisibleWorkspaces } from './visible-workspaces.js';
import { WorkspacesController } from './workspaces.controller.js';
import { WorkspacesRepository } from './workspaces.repository.js';
import { WorkspacesService } from './workspaces.service.js';

/** Workspaces, and the creation of organizations with their first workspace, without members. */
@Module({
  imports: [AuditModule, UsersModule, RolesModule, MembersModule, OrgsModule],
  controllers: [WorkspacesController, OrganizationCreationController],
  providers: [
    WorkspacesRepository,
    WorkspacesService,
    VisibleWorkspaces,
    ProvisionOrganization,
    OrganizationCreationService,
  ],
  exports: [WorkspacesService, ProvisionOrganization],
})
export class WorkspacesModule {}
