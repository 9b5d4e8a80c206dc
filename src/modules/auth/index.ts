export { AuthModule } from './auth.module.js';
export { AuthenticationGuard } from './authentication/authentication.guard.js';
export { PrincipalLoader } from './authentication/principal-loader.js';
