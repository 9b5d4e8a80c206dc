import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from '../../config/config.js';
import { AuditModule } from '../audit/index.js';
import { IdempotencyModule } from '../idempotency/index.js';
import { OrgsModule } from '../orgs/index.js';
import { WorkspacesModule } from '../workspaces/index.js';
import { ClientsController } from './clients/clients.controller.js';
import { ClientsRepository } from './clients/clients.repository.js';
import { ClientsService } from './clients/clients.service.js';
import { MetadataDocumentFetch } from './clients/metadata-document-fetch.js';
import { RegistrationController } from './clients/registration.controller.js';
import { ArtifactsRepository } from './core/artifacts.repository.js';
import { EndGrants } from './core/end-grants.js';
import { GrantsRepository } from './core/grants.repository.js';
import { AuthorizedAppsController } from './grants/authorized-apps.controller.js';
import { MemberGrants } from './grants/member-grants.js';
import { OwnGrants } from './grants/own-grants.js';
import { Library } from './library/library.js';
import { LibraryStore } from './library/library-store.js';
import { RevokeToken } from './protocol/revoke-token.js';
import { RotateSigningKeysCommand } from './library/rotate-signing-keys.command.js';
import { SigningKeys } from './library/signing-keys.js';
import { SigningKeysRepository } from './library/signing-keys.repository.js';
import { ApprovalRules } from './protocol/approval-rules.js';
import { Approve } from './protocol/approve.js';
import { AuthorizationRequests } from './protocol/authorization-requests.js';
import { AuthorizeController } from './protocol/authorize.controller.js';
import { DevicesController } from './protocol/devices.controller.js';
import { DevicesService } from './protocol/devices.service.js';
import { DocumentsController } from './protocol/documents.controller.js';
import { TokenController } from './protocol/token.controller.js';
import { TokenRequestsService } from './protocol/token-requests.service.js';
import { UserinfoController } from './protocol/userinfo.controller.js';

const OF_GRANTS = [ArtifactsRepository, EndGrants, GrantsRepository, MemberGrants, OwnGrants];

/** The grants of people, also where the authorization server is off. */
@Module({ imports: [AuditModule], providers: OF_GRANTS, exports: OF_GRANTS })
export class GrantsModule {}

const CONTROLLERS = [
  AuthorizeController,
  AuthorizedAppsController,
  ClientsController,
  DevicesController,
  DocumentsController,
  RegistrationController,
  TokenController,
  UserinfoController,
];

/** The OAuth authorization server: applications, and the grants of people (docs/decisions/0128-the-authorization-server.md). */
@Module({
  imports: [AuditModule, GrantsModule, IdempotencyModule, OrgsModule, WorkspacesModule],
  providers: [
    ApprovalRules,
    Approve,
    AuthorizationRequests,
    ClientsRepository,
    ClientsService,
    DevicesService,
    Library,
    LibraryStore,
    MetadataDocumentFetch,
    RevokeToken,
    RotateSigningKeysCommand,
    SigningKeys,
    SigningKeysRepository,
    TokenRequestsService,
  ],
})
export class OauthServerModule {
  /** Without routes where the authorization server is off. */
  static with({ authorizationServer }: Config): DynamicModule {
    return { module: OauthServerModule, controllers: authorizationServer.isEnabled ? CONTROLLERS : [] };
  }
}
