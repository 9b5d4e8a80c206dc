import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { MembersModule } from '../members/index.js';
import { OrgsModule } from '../orgs/index.js';
import { RolesModule } from '../roles/index.js';
import { SessionsModule } from '../sessions/index.js';
import { UsersModule } from '../users/index.js';
import { WorkspacesModule } from '../workspaces/index.js';
import { ChangeSignInRequirement } from './change-sign-in-requirement.js';
import { DropSignInRequirementCommand } from './drop-sign-in-requirement.command.js';
import { InviteSettings } from './invite-settings.js';
import { MoveDefaultOrg } from './move-default-org.js';
import { OnboardingController } from './onboarding.controller.js';
import { OnboardingService } from './onboarding.service.js';
import { OnboardingStatesRepository } from './onboarding-states.repository.js';
import { OrgSettingsController } from './org-settings.controller.js';
import { OrgSettingsService } from './org-settings.service.js';
import { ProvisioningDefaults } from './sso/provisioning-defaults.js';
import { SsoSettingsController } from './sso/sso-settings.controller.js';
import { SsoSettingsRepository } from './sso/sso-settings.repository.js';
import { SsoSettingsService } from './sso/sso-settings.service.js';
import { SsoLookupController } from './sso/sso-lookup.controller.js';
import { SsoLookupService } from './sso/sso-lookup.service.js';
import { ViewOrgSettings } from './view-org-settings.js';
import { WorkspaceSettingsController } from './workspace-settings.controller.js';

/** The settings of an organization with those of the instance, single sign-on and the onboarding state. */
@Module({
  imports: [
    AuditModule,
    UsersModule,
    RolesModule,
    MembersModule,
    OrgsModule,
    SessionsModule,
    WorkspacesModule,
  ],
  controllers: [
    OrgSettingsController,
    SsoSettingsController,
    SsoLookupController,
    WorkspaceSettingsController,
    OnboardingController,
  ],
  providers: [
    ViewOrgSettings,
    OrgSettingsService,
    ChangeSignInRequirement,
    DropSignInRequirementCommand,
    InviteSettings,
    MoveDefaultOrg,
    SsoSettingsRepository,
    SsoSettingsService,
    ProvisioningDefaults,
    SsoLookupService,
    OnboardingStatesRepository,
    OnboardingService,
  ],
  exports: [InviteSettings, ProvisioningDefaults, SsoLookupService, SsoSettingsService],
})
export class SettingsModule {}
