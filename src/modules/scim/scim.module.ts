import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { AuthModule } from '../auth/index.js';
import { InvitationsModule } from '../invitations/index.js';
import { MembersModule } from '../members/index.js';
import { OrgsModule } from '../orgs/index.js';
import { RbacModule } from '../rbac/index.js';
import { SettingsModule } from '../settings/index.js';
import { UsersModule } from '../users/index.js';
import { WorkspacesModule } from '../workspaces/index.js';
import { BulkController } from './bulk/bulk.controller.js';
import { BulkFailures } from './bulk/bulk-failures.js';
import { BulkStep } from './bulk/bulk-step.js';
import { RunBulk } from './bulk/run-bulk.js';
import { DiscoveryController } from './discovery.controller.js';
import { ApplyGroupRoles } from './groups/apply-group-roles.js';
import { ChangeGroup } from './groups/change-group.js';
import { CreateGroup } from './groups/create-group.js';
import { GroupAnswers } from './groups/group-answers.js';
import { GroupNames } from './groups/group-binding.js';
import { GroupEffects } from './groups/group-effects.js';
import { GroupMembersRepository } from './groups/group-members.repository.js';
import { GroupReach } from './groups/group-reach.js';
import { GroupRecord } from './groups/group-record.js';
import { GroupsPreviewController } from './groups/groups-preview.controller.js';
import { MoveMembers } from './groups/move-members.js';
import { PreviewGroups } from './groups/preview-groups.js';
import { ReadGroups } from './groups/read-groups.js';
import { RebindGroups } from './groups/rebind-groups.js';
import { RemoveGroup } from './groups/remove-group.js';
import { ScimGroupsController } from './groups/scim-groups.controller.js';
import { ScimGroupsRepository } from './groups/scim-groups.repository.js';
import { TellGroupsOfMembers } from './groups/tell-groups-of-members.js';
import { WriteGroups } from './groups/write-groups.js';
import { LinkedIssuer } from './linked-issuer.js';
import { UnsupportedController } from './unsupported.controller.js';
import { ScimGuard } from './scim.guard.js';
import { TokenReach } from './token-reach.js';
import { ScimTokensController } from './tokens/scim-tokens.controller.js';
import { ScimTokensLastUsed } from './tokens/scim-tokens-last-used.js';
import { ScimTokensRepository } from './tokens/scim-tokens.repository.js';
import { ScimTokensService } from './tokens/scim-tokens.service.js';
import { AccountHolders } from './users/account-holders.js';
import { SettleUserChange } from './users/settle-user-change.js';
import { ChangeUser } from './users/change-user.js';
import { JoinThroughScim } from './users/join-through-scim.js';
import { CreateUsers } from './users/create-users.js';
import { CreateUser } from './users/create-user.js';
import { EndAccess } from './users/end-access.js';
import { ReadUsers } from './users/read-users.js';
import { RemoveUser } from './users/remove-user.js';
import { ScimAccounts } from './users/scim-accounts.js';
import { ScimUsersController } from './users/scim-users.controller.js';
import { ScimUsersRepository } from './users/scim-users.repository.js';
import { UserAnswers } from './users/user-answers.js';
import { WriteUsers } from './users/write-users.js';

const GROUPS = [
  ScimGroupsRepository,
  GroupMembersRepository,
  GroupNames,
  ApplyGroupRoles,
  MoveMembers,
  GroupRecord,
  GroupEffects,
  TokenReach,
  GroupReach,
  ReadGroups,
  CreateGroup,
  ChangeGroup,
  RemoveGroup,
  RebindGroups,
  TellGroupsOfMembers,
  WriteGroups,
  GroupAnswers,
  PreviewGroups,
];

const BULK = [RunBulk, BulkStep, BulkFailures];

const TOKENS = [ScimTokensRepository, ScimTokensService, ScimTokensLastUsed, ScimGuard];

const USERS = [
  ScimUsersRepository,
  AccountHolders,
  ScimAccounts,
  LinkedIssuer,
  JoinThroughScim,
  EndAccess,
  ReadUsers,
  CreateUsers,
  CreateUser,
  SettleUserChange,
  ChangeUser,
  RemoveUser,
  WriteUsers,
  UserAnswers,
];

/**
 * Owns what an identity provider keeps in an organization through SCIM 2.0: its tokens, its records of people, its
 * groups and the roles these give. Not the people and memberships themselves.
 */
@Module({
  imports: [
    AuditModule,
    UsersModule,
    RbacModule,
    MembersModule,
    OrgsModule,
    WorkspacesModule,
    SettingsModule,
    InvitationsModule,
    AuthModule,
  ],
  controllers: [
    UnsupportedController,
    DiscoveryController,
    ScimUsersController,
    ScimGroupsController,
    BulkController,
    ScimTokensController,
    GroupsPreviewController,
  ],
  providers: [...TOKENS, ...USERS, ...GROUPS, ...BULK],
})
export class ScimModule {}
