import { Global, Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { ApiKeysModule } from '../auth/api-keys/index.js';
import { OidcModule } from '../auth/oidc/index.js';
import { InvitationsModule } from '../invitations/index.js';
import { MembersModule } from '../members/index.js';
import { OrgsModule } from '../orgs/index.js';
import { SessionsModule } from '../sessions/index.js';
import { RolesModule } from '../roles/index.js';
import { SettingsModule } from '../settings/index.js';
import { UserGroupsModule } from '../user-groups/index.js';
import { UsersModule } from '../users/index.js';
import { WorkspaceCounts, WorkspacesModule } from '../workspaces/index.js';
import { BulkController } from './bulk.controller.js';
import { DiscoveryController } from './discovery.controller.js';
import { DocumentationController } from './documentation.controller.js';
import { GroupEffects } from './groups/group-effects.js';
import { GroupMembersRepository } from './groups/group-members.repository.js';
import { GroupNames } from './groups/group-names.js';
import { GroupsPreviewController } from './groups/groups-preview.controller.js';
import { RebindGroups } from './groups/rebind-groups.js';
import { ScimGroupsController } from './groups/scim-groups.controller.js';
import { ScimGroupsRepository } from './groups/scim-groups.repository.js';
import { ScimGroupsService } from './groups/scim-groups.service.js';
import { ScimGuard } from './http/scim.guard.js';
import { ScimPages } from './query/scim-pages.read-model.js';
import { ScimRecordsController } from './records/scim-records.controller.js';
import { ScimRecords } from './records/scim-records.read-model.js';
import { CountsPerWorkspace } from './roles/counts-per-workspace.read-model.js';
import { ProvisionedRoles } from './roles/provisioned-roles.js';
import { RereadRoles } from './roles/reread-roles.js';
import { ScimRolesController } from './roles/scim-roles.controller.js';
import { ScimRolesPreviewController } from './roles/scim-roles-preview.controller.js';
import { ScimRolesRepository } from './roles/scim-roles.repository.js';
import { ScimRolesService } from './roles/scim-roles.service.js';
import { UserRolesRepository } from './roles/user-roles.repository.js';
import { RunBulk } from './run-bulk.js';
import { EndCreatedScimTokens } from './tokens/end-created-scim-tokens.js';
import { ScimTokenScope } from './tokens/scim-token-scope.js';
import { ScimTokensController } from './tokens/scim-tokens.controller.js';
import { ScimTokensRepository } from './tokens/scim-tokens.repository.js';
import { ScimTokensService } from './tokens/scim-tokens.service.js';
import { AddScimMembers } from './users/add-scim-members.js';
import { CreateUsers } from './users/create-users.js';
import { ScimAccounts } from './users/scim-accounts.js';
import { ScimUsersController } from './users/scim-users.controller.js';
import { ScimUsersRepository } from './users/scim-users.repository.js';
import { ScimUsersService } from './users/scim-users.service.js';
import { UserAccess } from './users/user-access.js';

/** Global, since a module below this one shows the results. */
@Global()
@Module({
  imports: [InvitationsModule],
  providers: [{ provide: WorkspaceCounts, useClass: CountsPerWorkspace }],
  exports: [WorkspaceCounts],
})
class ShownBelowModule {}

/**
 * SCIM 2.0 data of an organization: tokens, SCIM users, groups, and the roles that these give. Users and
 * memberships belong to other modules.
 */
@Module({
  imports: [
    AuditModule,
    UsersModule,
    RolesModule,
    MembersModule,
    OrgsModule,
    UserGroupsModule,
    WorkspacesModule,
    SettingsModule,
    InvitationsModule,
    SessionsModule,
    ApiKeysModule,
    OidcModule,
    ShownBelowModule,
  ],
  controllers: [
    DiscoveryController,
    DocumentationController,
    ScimUsersController,
    ScimGroupsController,
    ScimRolesController,
    ScimRolesPreviewController,
    BulkController,
    ScimTokensController,
    GroupsPreviewController,
    ScimRecordsController,
  ],
  providers: [
    ScimPages,
    ScimTokensRepository,
    EndCreatedScimTokens,
    ScimTokensService,
    ScimGuard,
    ScimRolesRepository,
    UserRolesRepository,
    ProvisionedRoles,
    ScimRolesService,
    RereadRoles,
    ScimUsersRepository,
    ScimAccounts,
    AddScimMembers,
    UserAccess,
    CreateUsers,
    ScimUsersService,
    ScimGroupsRepository,
    GroupMembersRepository,
    GroupNames,
    GroupEffects,
    ScimTokenScope,
    RebindGroups,
    ScimGroupsService,
    RunBulk,
    ScimRecords,
  ],
  exports: [ScimTokensService],
})
export class ScimModule {}
