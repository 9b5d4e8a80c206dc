import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { ApiKeysModule } from '../auth/api-keys/index.js';
import { AuthenticationModule } from '../auth/authentication/index.js';
import { OidcModule } from '../auth/oidc/index.js';
import { PasswordsModule } from '../passwords/index.js';
import { OrgsModule } from '../orgs/index.js';
import { RbacModule } from '../rbac/index.js';
import { ScimModule } from '../scim/index.js';
import { SettingsModule } from '../settings/index.js';
import { UsersModule } from '../users/index.js';
import { WorkspacesModule } from '../workspaces/index.js';
import { Bootstrap } from './bootstrap.js';
import { AppliedBootstrapItemsRepository } from './bootstrap-items/applied-bootstrap-items.repository.js';
import { ApplyBootstrapItems } from './bootstrap-items/apply-bootstrap-items.js';
import { InstallCredential } from './bootstrap-items/install-credential.js';
import { SetUpOrganization } from './bootstrap-items/set-up-organization.js';
import { WorkspacesByName } from './bootstrap-items/workspaces-by-name.js';
import { CreateDefaultOrganization } from './create-default-organization.js';
import { FirstAccount } from './first-account.js';
import { HealthController } from './health.controller.js';
import { InstanceController } from './instance.controller.js';
import { InstanceService } from './instance.service.js';
import { DatabaseGauges } from './metrics/database-gauges.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { MetricsListener } from './metrics/metrics-listener.js';
import { MetricsService } from './metrics/metrics.service.js';
import { ProcessGauges } from './metrics/process-gauges.js';

/** Owns the bootstrap of an installation, and its health, info and metrics endpoints. */
@Module({
  imports: [
    AuditModule,
    UsersModule,
    RbacModule,
    OrgsModule,
    WorkspacesModule,
    SettingsModule,
    ApiKeysModule,
    ScimModule,
    OidcModule,
    PasswordsModule,
    AuthenticationModule,
  ],
  controllers: [HealthController, InstanceController, MetricsController],
  providers: [
    InstanceService,
    MetricsListener,
    MetricsService,
    ProcessGauges,
    DatabaseGauges,
    Bootstrap,
    FirstAccount,
    CreateDefaultOrganization,
    AppliedBootstrapItemsRepository,
    ApplyBootstrapItems,
    SetUpOrganization,
    InstallCredential,
    WorkspacesByName,
  ],
})
export class InstanceModule {}
