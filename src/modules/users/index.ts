export type { StoredClaims } from './entities.js';
export type { LoginMethod } from './entities.js';
export { LoginMethodsService } from './login-methods.service.js';
export { EmailAlreadyInUse, LoginAlreadyInUse } from './users.errors.js';
export type { User } from './entities.js';
export { UsersModule } from './users.module.js';
export { UsersService } from './users.service.js';
