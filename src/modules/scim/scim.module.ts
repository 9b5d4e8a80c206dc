import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { AuthModule } from '../auth/index.js';
import { InvitationsModule } from '../invitations/index.js';
import { MembersModule } from '../members/index.js';
import { OrgsModule } from '../orgs/index.js';
import { UsersModule } from '../users/index.js';
import { DiscoveryController } from './discovery.controller.js';
import { LinkedIssuer } from './linked-issuer.js';
import { MeController } from './me.controller.js';
import { ScimGuard } from './scim.guard.js';
import { ScimTokensController } from './tokens/scim-tokens.controller.js';
import { ScimTokensRepository } from './tokens/scim-tokens.repository.js';
import { ScimTokensService } from './tokens/scim-tokens.service.js';
import { AccountHolders } from './users/account-holders.repository.js';
import { SettleUserChange } from './users/settle-user-change.js';
import { ChangeUser } from './users/change-user.js';
import { JoinThroughScim } from './users/join-through-scim.js';
import { CreateUser } from './users/create-user.js';
import { EndAccess } from './users/end-access.js';
import { ReadUsers } from './users/read-users.js';
import { RemoveUser } from './users/remove-user.js';
import { ScimAccounts } from './users/scim-accounts.js';
import { ScimUsersController } from './users/scim-users.controller.js';
import { ScimUsersRepository } from './users/scim-users.repository.js';
import { UserAnswers } from './users/user-answers.js';
import { WriteUsers } from './users/write-users.js';

const TOKENS = [ScimTokensRepository, ScimTokensService, ScimGuard];

const USERS = [
  ScimUsersRepository,
  AccountHolders,
  ScimAccounts,
  LinkedIssuer,
  JoinThroughScim,
  EndAccess,
  ReadUsers,
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
  imports: [AuditModule, UsersModule, MembersModule, OrgsModule, InvitationsModule, AuthModule],
  controllers: [MeController, DiscoveryController, ScimUsersController, ScimTokensController],
  providers: [...TOKENS, ...USERS],
})
export class ScimModule {}
