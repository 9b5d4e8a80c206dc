import { Module } from '@nestjs/common';
import { AccessModule } from '../../access/index.js';
import { AuditModule } from '../../audit/index.js';
import { IdempotencyModule } from '../../idempotency/index.js';
import { MembersModule } from '../../members/index.js';
import { OrgsModule } from '../../orgs/index.js';
import { RbacModule } from '../../rbac/index.js';
import { ServiceAccountsModule } from '../../service-accounts/index.js';
import { UserGroupsModule } from '../../user-groups/index.js';
import { WorkspacesModule } from '../../workspaces/index.js';
import { ApiKeysRepository } from './core/api-keys.repository.js';
import { ApiKeysService } from './core/api-keys.service.js';
import { CallerKeys } from './core/caller-keys.js';
import { CredentialCreators } from './core/credential-creators.read-model.js';
import { KeyTerms } from './core/key-terms.js';
import { KeysLastUsedJob } from './core/keys-last-used.job.js';
import { CurrentApiKeysController } from './personal-access-tokens/current-api-keys.controller.js';
import { EndPersonalAccessToken } from './personal-access-tokens/end-personal-access-token.js';
import { MemberTokensController } from './personal-access-tokens/member-tokens.controller.js';
import { PersonalAccessTokensController } from './personal-access-tokens/personal-access-tokens.controller.js';
import { RevokeTokensOfUser } from './personal-access-tokens/revoke-tokens-of-user.js';
import { NamedKeys } from './core/named-keys.js';
import { PersonalAccessTokenLists } from './personal-access-tokens/personal-access-token-lists.js';
import { PersonalAccessTokensService } from './personal-access-tokens/personal-access-tokens.service.js';
import { Assignments } from './service-accounts/assignments.js';
import { ServiceAccountsController } from './service-accounts/service-accounts.controller.js';
import { ServiceAccountsService } from './service-accounts/service-accounts.service.js';
import { ApiKeysController } from './service-keys/api-keys.controller.js';
import { ChangeServiceKey } from './service-keys/change-service-key.js';
import { InstallServiceKey } from './service-keys/install-service-key.js';
import { CreatedKeysRepository } from './service-keys/created-keys.repository.js';
import { EndCreatedCredentials } from './service-keys/end-created-credentials.js';
import { KeysBeyondCreators } from './service-keys/keys-beyond-creators.js';
import { ServiceKeyDeletion } from './service-keys/service-key-deletion.js';
import { ServiceKeyLists } from './service-keys/service-key-lists.js';
import { ServiceKeyRights } from './service-keys/service-key-rights.js';
import { ServiceKeysController } from './service-keys/service-keys.controller.js';
import { ServiceKeysService } from './service-keys/service-keys.service.js';

const SERVICE_KEYS = [
  KeysBeyondCreators,
  ServiceKeyLists,
  ServiceKeysService,
  ServiceKeyRights,
  ServiceKeyDeletion,
  ChangeServiceKey,
  InstallServiceKey,
  CreatedKeysRepository,
  EndCreatedCredentials,
];

const SERVICE_ACCOUNTS = [ServiceAccountsService, Assignments];

/** API keys: personal access tokens and service keys; and service accounts. */
@Module({
  imports: [
    AccessModule,
    AuditModule,
    IdempotencyModule,
    RbacModule,
    MembersModule,
    OrgsModule,
    ServiceAccountsModule,
    UserGroupsModule,
    WorkspacesModule,
  ],
  controllers: [
    CurrentApiKeysController,
    ApiKeysController,
    PersonalAccessTokensController,
    MemberTokensController,
    ServiceKeysController,
    ServiceAccountsController,
  ],
  providers: [
    ApiKeysRepository,
    CallerKeys,
    KeyTerms,
    CredentialCreators,
    NamedKeys,
    ApiKeysService,
    KeysLastUsedJob,
    PersonalAccessTokenLists,
    PersonalAccessTokensService,
    EndPersonalAccessToken,
    RevokeTokensOfUser,
    ...SERVICE_KEYS,
    ...SERVICE_ACCOUNTS,
  ],
  exports: [CallerKeys, CredentialCreators, KeysLastUsedJob, InstallServiceKey],
})
export class ApiKeysModule {}
