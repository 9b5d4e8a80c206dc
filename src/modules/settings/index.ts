export { InviteSettings } from './invite-settings.js';
export { type GroupRules, type Provisioning, ProvisioningDefaults } from './sso/provisioning-defaults.js';
export { GroupSeparatorChanged } from './settings.events.js';
export { SettingsModule } from './settings.module.js';
export { SsoSettingsService } from './sso/sso-settings.service.js';
export { SsoProviders } from './sso/sso-providers.js';
