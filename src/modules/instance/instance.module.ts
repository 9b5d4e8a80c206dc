import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { AuthenticationModule } from '../auth/authentication/index.js';
import { OidcModule } from '../auth/oidc/index.js';
import { PasswordsModule } from '../auth/passwords/index.js';
import { OrgsModule } from '../orgs/index.js';
import { RbacModule } from '../rbac/index.js';
import { UsersModule } from '../users/index.js';
import { WorkspacesModule } from '../workspaces/index.js';
import { Bootstrap } from './bootstrap.js';
import { FirstAccount } from './first-account.js';
import { HealthController } from './health.controller.js';
import { InstanceController } from './instance.controller.js';
import { InstanceService } from './instance.service.js';
import { DatabaseGauges } from './metrics/database-gauges.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { MetricsListener } from './metrics/metrics-listener.js';
import { MetricsService } from './metrics/metrics.service.js';
import { ProcessGauges } from './metrics/process-gauges.js';

/** Owns the bootstrap of an installation and its health, info and metrics endpoints. Owns no table. */
@Module({
  imports: [
    AuditModule,
    UsersModule,
    RbacModule,
    OrgsModule,
    WorkspacesModule,
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
  ],
})
export class InstanceModule {}
