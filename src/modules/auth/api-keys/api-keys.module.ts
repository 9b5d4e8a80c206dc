import { Module } from '@nestjs/common';
import { AccessModule } from '../../access/index.js';
import { AuditModule } from '../../audit/index.js';
import { IdempotencyModule } from '../../idempotency/index.js';
import { MembersModule } from '../../members/index.js';
import { OrgsModule } from '../../orgs/index.js';
import { RolesModule } from '../../roles/index.js';
import { ServiceAccountsModule } from '../../service-accounts/index.js';
import { UserGroupsModule } from '../../user-groups/index.js';
import { WorkspacesModule } from '../../workspaces/index.js';
import { ApiKeysRepository } from './core/api-keys.repository.js';
import { ApiKeysService } from './core/api-keys.service.js';
import { CallerKeys } from './core/caller-keys.js';
import { EndKeysEarlier } from './core/end-keys-earlier.repository.js';
import { TokenSignIns } from './personal-access-tokens/token-sign-ins.read-model.js';
import { CredentialCreators } from './core/credential-creators.read-model.js';
import { ApiKeysController } from './api-keys.controller.js';
import { OwnTokensService } from './personal-access-tokens/own-tokens.service.js';
import { PersonalAccessTokensService } from './personal-access-tokens/personal-access-tokens.service.js';
import { PersonalAccessTokensController } from './personal-access-tokens/personal-access-tokens.controller.js';
import { NamedKeys } from './core/named-keys.js';
import { SelectedKeys } from './selected-keys.js';
import { ServiceAccountsController } from './service-accounts.controller.js';
import { ServiceAccountsService } from './service-accounts.service.js';
import { InstallServiceKey } from './service-keys/install-service-key.js';
import { EndCreatedCredentials } from './service-keys/end-created-credentials.js';
import { ServiceKeyLists } from './service-keys/service-key-lists.js';
import { ServiceKeyRights } from './service-keys/service-key-rights.js';
import { ServiceKeysController } from './service-keys/service-keys.controller.js';
import { ServiceKeysService } from './service-keys/service-keys.service.js';

/** API keys: personal access tokens and service keys; and service accounts. */
@Module({
  imports: [
    AccessModule,
    AuditModule,
    IdempotencyModule,
    RolesModule,
    MembersModule,
    OrgsModule,
    ServiceAccountsModule,
    UserGroupsModule,
    WorkspacesModule,
  ],
  controllers: [
    ApiKeysController,
    PersonalAccessTokensController,
    ServiceKeysController,
    ServiceAccountsController,
  ],
  providers: [
    ApiKeysRepository,
    CallerKeys,
    EndKeysEarlier,
    TokenSignIns,
    CredentialCreators,
    NamedKeys,
    ApiKeysService,
    OwnTokensService,
    PersonalAccessTokensService,
    ServiceKeyLists,
    ServiceKeysService,
    ServiceKeyRights,
    InstallServiceKey,
    EndCreatedCredentials,
    SelectedKeys,
    ServiceAccountsService,
  ],
  exports: [CallerKeys, EndKeysEarlier, CredentialCreators, InstallServiceKey, SelectedKeys],
})
export class ApiKeysModule {}
