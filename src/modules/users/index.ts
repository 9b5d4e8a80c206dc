export type { StoredClaims } from './external-login.js';
export type { LoginMethod } from './login-method.entity.js';
export { LoginMethodsService } from './login-methods.service.js';
export { EmailAlreadyInUse, LoginAlreadyInUse } from './users.errors.js';
export type { User } from './user.entity.js';
export { UsersModule } from './users.module.js';
export { UsersService } from './users.service.js';
