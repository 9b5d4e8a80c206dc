import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { MembersModule } from '../members/index.js';
import { OrgsModule } from '../orgs/index.js';
import { RolesModule } from '../roles/index.js';
import { UserGroupsModule } from '../user-groups/index.js';
import { UsersModule } from '../users/index.js';
import { DefaultWorkspaceRule } from './default-workspace-rule.js';
import { OrganizationCreationController } from './organization-creation.controller.js';
import { OrganizationCreationService } from './organization-creation.service.js';
import { ProvisionOrganization } from './provision-organization.js';
import { VisibleWorkspaces } from './visible-workspaces.js';
import { WorkspacesController } from './workspaces.controller.js';
import { WorkspacesRepository } from './workspaces.repository.js';
import { WorkspacesService } from './workspaces.service.js';

/** Workspaces, and the creation of organizations with their first workspace, without members. */
@Module({
  imports: [AuditModule, UsersModule, RolesModule, MembersModule, OrgsModule, UserGroupsModule],
  controllers: [WorkspacesController, OrganizationCreationController],
  providers: [
    WorkspacesRepository,
    WorkspacesService,
    VisibleWorkspaces,
    DefaultWorkspaceRule,
    ProvisionOrganization,
    OrganizationCreationService,
  ],
  exports: [WorkspacesService, DefaultWorkspaceRule, ProvisionOrganization],
})
export class WorkspacesModule {}
