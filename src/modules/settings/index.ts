export { InviteSettings } from './invite-settings.js';
export { SettingsModule } from './settings.module.js';
