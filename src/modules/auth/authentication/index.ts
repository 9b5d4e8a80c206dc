export { AuthenticationGuard } from './authentication.guard.js';
export { AuthenticationModule } from './authentication.module.js';
export { CredentialCreationGuard } from './credential-creation.guard.js';
export { PrincipalLoader } from './principal-loader.js';
