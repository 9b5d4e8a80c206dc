import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { OrgsModule } from '../orgs/index.js';
import { WorkspacesModule } from '../workspaces/index.js';
import { InviteSettings } from './invite-settings.js';
import { OrgSettingsController } from './org-settings.controller.js';
import { OrgSettingsService } from './org-settings.service.js';

/** Owns how an organization's switches are shown, changed and combined with the instance's. Not who obeys them. */
@Module({
  imports: [AuditModule, OrgsModule, WorkspacesModule],
  controllers: [OrgSettingsController],
  providers: [OrgSettingsService, InviteSettings],
  exports: [InviteSettings],
})
export class SettingsModule {}
