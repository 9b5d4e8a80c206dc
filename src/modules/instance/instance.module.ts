import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { ApiKeysModule } from '../auth/api-keys/index.js';
import { AuthenticationModule } from '../auth/authentication/index.js';
import { OidcModule } from '../auth/oidc/index.js';
import { PasswordsModule } from '../passwords/index.js';
import { EventsModule } from '../events/index.js';
import { OrgsModule } from '../orgs/index.js';
import { RolesModule } from '../roles/index.js';
import { ScimModule } from '../scim/index.js';
import { SettingsModule } from '../settings/index.js';
import { UsersModule } from '../users/index.js';
import { WorkspacesModule } from '../workspaces/index.js';
import { Bootstrap } from './bootstrap.js';
import { CreateDefaultOrganization } from './create-default-organization.js';
import { SetUpOrganization } from './set-up-organization.js';
import { AppliedBootstrapItemsRepository } from './applied-bootstrap-items.repository.js';
import { HealthController } from './health.controller.js';
import { InstanceController } from './instance.controller.js';
import { InstanceService } from './instance.service.js';
import { MetricsListener } from './metrics-listener.js';
import { MetricsService } from './metrics.service.js';
import { ProcessGauges } from './process-gauges.js';

/** Owns the bootstrap of an installation, and its health, info and metrics endpoints. */
@Module({
  imports: [
    AuditModule,
    UsersModule,
    RolesModule,
    OrgsModule,
    WorkspacesModule,
    SettingsModule,
    ApiKeysModule,
    ScimModule,
    OidcModule,
    PasswordsModule,
    AuthenticationModule,
    EventsModule,
  ],
  controllers: [HealthController, InstanceController],
  providers: [
    InstanceService,
    MetricsListener,
    MetricsService,
    ProcessGauges,
    Bootstrap,
    CreateDefaultOrganization,
    AppliedBootstrapItemsRepository,
    SetUpOrganization,
  ],
})
export class InstanceModule {}
