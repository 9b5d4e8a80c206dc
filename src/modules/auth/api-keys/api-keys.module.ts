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
import { EndingKeysRepository } from './core/ending-keys.repository.js';
import { EndKeysEarlier } from './core/end-keys-earlier.js';
import { TokenSignIns } from './personal-access-tokens/token-sign-ins.read-model.js';
import { CredentialCreators } from './core/credential-creators.read-model.js';
import { ApiKeysController } from './api-keys.controller.js';
import { PersonalAccessTokensService } from './personal-access-tokens/personal-access-tokens.service.js';
import { PersonalAccessTokensController } from './personal-access-tokens/personal-access-tokens.controller.js';
import { RevokeTokensOfUser } from './personal-access-tokens/revoke-tokens-of-user.js';
import { NamedKeys } from './core/named-keys.js';
import { CreatePersonalAccessToken } from './personal-access-tokens/create-personal-access-token.js';
import { SelectedKeys } from './selected-keys.js';
import { Assignments } from './assignments.js';
import { ServiceAccountsController } from './service-accounts.controller.js';
import { ServiceAccountsService } from './service-accounts.service.js';
import { KeyRotationController } from './rotation/key-rotation.controller.js';
import { ReplaceSecret } from './rotation/replace-secret.js';
import { RotateServiceKey } from './rotation/rotate-service-key.js';
import { RotateToken } from './rotation/rotate-token.js';
import { RotatedKeysRepository } from './rotation/rotated-keys.repository.js';
import { ChangeServiceKey } from './service-keys/change-service-key.js';
import { InstallServiceKey } from './service-keys/install-service-key.js';
import { CreatedKeysRepository } from './service-keys/created-keys.repository.js';
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
    KeyRotationController,
    ServiceAccountsController,
  ],
  providers: [
    ApiKeysRepository,
    CallerKeys,
    EndingKeysRepository,
    EndKeysEarlier,
    TokenSignIns,
    CredentialCreators,
    NamedKeys,
    ApiKeysService,
    PersonalAccessTokensService,
    CreatePersonalAccessToken,
    RevokeTokensOfUser,
    ServiceKeyLists,
    ServiceKeysService,
    ServiceKeyRights,
    ChangeServiceKey,
    InstallServiceKey,
    CreatedKeysRepository,
    EndCreatedCredentials,
    ReplaceSecret,
    RotateServiceKey,
    RotateToken,
    RotatedKeysRepository,
    SelectedKeys,
    ServiceAccountsService,
    Assignments,
  ],
  exports: [CallerKeys, EndKeysEarlier, CredentialCreators, InstallServiceKey, SelectedKeys],
})
export class ApiKeysModule {}
