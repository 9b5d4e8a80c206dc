import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { ApiKeysModule } from '../auth/api-keys/index.js';
import { OrgsModule } from '../orgs/index.js';
import { RolesModule } from '../roles/index.js';
import { ScimModule } from '../scim/index.js';
import { CredentialsController } from './credentials.controller.js';
import { CredentialsReadModel } from './credentials.read-model.js';
import { ListCredentials } from './list-credentials.js';
import { RevokeCredentials } from './revoke-credentials.js';

/** All service keys, personal access tokens and SCIM tokens of an organization: one list, and their revocation. */
@Module({
  imports: [AuditModule, OrgsModule, RolesModule, ApiKeysModule, ScimModule],
  controllers: [CredentialsController],
  providers: [CredentialsReadModel, ListCredentials, RevokeCredentials],
})
export class CredentialsModule {}
