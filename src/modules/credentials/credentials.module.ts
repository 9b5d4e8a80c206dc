import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { ApiKeysModule } from '../auth/api-keys/index.js';
import { GrantsModule } from '../oauth-server/index.js';
import { OrgsModule } from '../orgs/index.js';
import { RolesModule } from '../roles/index.js';
import { ScimModule } from '../scim/index.js';
import { CountWeakerSignIns } from './count-weaker-sign-ins.js';
import { CredentialsController } from './credentials.controller.js';
import { CredentialsReadModel } from './credentials.read-model.js';
import { ListCredentials } from './list-credentials.js';
import { RevokeCredentials } from './revoke-credentials.js';

/** All credentials of an organization: one list, and their revocation. */
@Module({
  imports: [AuditModule, OrgsModule, RolesModule, ApiKeysModule, GrantsModule, ScimModule],
  controllers: [CredentialsController],
  providers: [CountWeakerSignIns, CredentialsReadModel, ListCredentials, RevokeCredentials],
  exports: [ListCredentials],
})
export class CredentialsModule {}
