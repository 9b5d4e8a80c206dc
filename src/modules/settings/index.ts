export { InviteSettings } from './invite-settings.js';
export { ScimRolesSwitched } from './org-settings.service.js';
export { type GroupRules, type Provisioning, ProvisioningDefaults } from './sso/provisioning-defaults.js';
export { SettingsModule } from './settings.module.js';
export { SsoLookupService } from './sso/sso-lookup.service.js';
export { SsoSettingsService } from './sso/sso-settings.service.js';
