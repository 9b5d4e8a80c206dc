import { type DynamicModule, Global, Module, type Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { DataSource } from 'typeorm';
import { AccessCache } from './common/access/access-cache.js';
import { AccessGuard } from './common/access/access.guard.js';
import { AdminCommands } from './common/admin-commands.js';
import { Drain } from './common/http/drain.js';
import { EventBus } from './common/event-bus.js';
import { Mailer } from './common/mail/mailer.js';
import { MailTexts } from './common/mail/mail-texts.js';
import { Metrics } from './common/metrics/metrics.js';
import { Outbound } from './common/outbound/outbound.js';
import { HashQueue } from './common/secrets/hash-queue.js';
import { PasswordHasher } from './common/secrets/password-hasher.js';
import { Config } from './config/config.js';
import { AccessCacheModule } from './optional/access-cache/access-cache.module.js';
import { UsageController } from './optional/usage/usage.controller.js';
import { DatabaseModule } from './database/database.module.js';
import { AccessAnswersModule } from './modules/access-answers/index.js';
import { AccessRequestsModule } from './modules/access-requests/index.js';
import { AccessModule } from './modules/access/index.js';
import { AuditModule } from './modules/audit/index.js';
import { ApiKeysModule } from './modules/auth/api-keys/index.js';
import {
  AuthenticationGuard,
  AuthenticationModule,
  CredentialCreationGuard,
} from './modules/auth/authentication/index.js';
import { BasicMembersModule } from './modules/auth/basic-members/index.js';
import { OidcModule } from './modules/auth/oidc/index.js';
import { PasswordsModule } from './modules/passwords/index.js';
import { SessionsModule } from './modules/sessions/index.js';
import { SignInModule } from './modules/auth/sign-in/index.js';
import { CredentialsModule } from './modules/credentials/index.js';
import { EventsModule } from './modules/events/index.js';
import { LastingRightsModule } from './modules/lasting-rights/index.js';
import { DirectoryModule } from './modules/directory/index.js';
import { ExpiryMailsModule } from './modules/expiry-mails/index.js';
import { IdempotencyModule } from './modules/idempotency/index.js';
import { InstanceModule } from './modules/instance/index.js';
import { InvitationsModule } from './modules/invitations/index.js';
import { OauthServerModule } from './modules/oauth-server/index.js';
import { MembersModule } from './modules/members/index.js';
import { OrgsModule } from './modules/orgs/index.js';
import { ReceiversModule } from './modules/receivers/index.js';
import { NoticesModule } from './modules/notices/index.js';
import { OverviewModule } from './modules/overview/index.js';
import { RolesModule } from './modules/roles/index.js';
import { PoliciesModule } from './modules/policies/index.js';
import { ScimModule } from './modules/scim/index.js';
import { SettingsModule } from './modules/settings/index.js';
import { TagsModule } from './modules/tags/index.js';
import { ServiceAccountsModule } from './modules/service-accounts/index.js';
import { UserGroupsModule } from './modules/user-groups/index.js';
import { UsersModule } from './modules/users/index.js';
import { WorkspacesModule } from './modules/workspaces/index.js';

@Global()
@Module({})
class CommonModule {
  static forRoot(config: Config): DynamicModule {
    const { mail, mailAppearance, outbound } = config;
    const { hashing, hashQueue } = config.basicAuth;
    const providers: Provider[] = [
      { provide: Config, useValue: config },
      AccessCache,
      EventBus,
      AdminCommands,
      Drain,
      Metrics,
      { provide: Mailer, useFactory: (metrics: Metrics) => new Mailer(mail, metrics), inject: [Metrics] },
      { provide: Outbound, useFactory: () => new Outbound(outbound) },
      { provide: HashQueue, useFactory: () => new HashQueue(hashQueue) },
      { provide: MailTexts, useFactory: () => new MailTexts(mailAppearance) },
      {
        provide: PasswordHasher,
        useFactory: (queue: HashQueue) => new PasswordHasher(hashing, queue),
        inject: [HashQueue],
      },
    ];
    return { module: CommonModule, providers, exports: providers };
  }
}

/** In dependency order: each module may import only from those before it, as `.dependency-cruiser.mjs` specifies. */
const MODULES = [
  AuditModule,
  IdempotencyModule,
  UsersModule,
  RolesModule,
  PoliciesModule,
  TagsModule,
  MembersModule,
  OrgsModule,
  NoticesModule,
  ServiceAccountsModule,
  UserGroupsModule,
  AccessModule,
  SessionsModule,
  WorkspacesModule,
  SettingsModule,
  PasswordsModule,
  InvitationsModule,
  OauthServerModule,
  BasicMembersModule,
  ApiKeysModule,
  OidcModule,
  SignInModule,
  AuthenticationModule,
  ScimModule,
  AccessRequestsModule,
  ExpiryMailsModule,
  CredentialsModule,
  EventsModule,
  ReceiversModule,
  OverviewModule,
  DirectoryModule,
  AccessAnswersModule,
  LastingRightsModule,
  InstanceModule,
];

@Module({})
export class AppModule {
  static with(config: Config, dataSource: DataSource): DynamicModule {
    return {
      module: AppModule,
      imports: [
        DatabaseModule.forRoot(dataSource),
        AccessCacheModule,
        CommonModule.forRoot(config),
        ...MODULES.map((module) => (module === OauthServerModule ? OauthServerModule.with(config) : module)),
      ],
      controllers: config.flags.emptyUsageResponses ? [UsageController] : [],
      providers: [
        // In this order: authentication, then authorization.
        { provide: APP_GUARD, useExisting: AuthenticationGuard },
        { provide: APP_GUARD, useClass: CredentialCreationGuard },
        { provide: APP_GUARD, useClass: AccessGuard },
      ],
    };
  }
}
