export { AuthModule } from './auth.module.js';
export { CallerKeys } from './api-keys/caller-keys.js';
export { AuthenticationGuard } from './authentication.guard.js';
export { PasswordsService } from './basic/passwords.service.js';
export { SessionsService } from './sessions/sessions.service.js';
export { PrincipalLoader } from './principal-loader.js';
export { IdentityProvider } from './sso/identity-provider.js';
