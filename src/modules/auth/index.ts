export { AuthModule } from './auth.module.js';
export { AuthenticationGuard } from './authentication/authentication.guard.js';
export { PasswordsService } from './passwords/passwords.service.js';
export { PrincipalLoader } from './authentication/principal-loader.js';
