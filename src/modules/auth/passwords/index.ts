export { LoginThrottle } from './login-limits/login-throttle.js';
export { PasswordsModule } from './passwords.module.js';
export { PasswordsService } from './core/passwords.service.js';
