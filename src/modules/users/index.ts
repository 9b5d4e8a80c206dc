export type { LoginMethod, StoredClaims, User } from './entities.js';
export { LoginMethodsRepository } from './login-methods.repository.js';
export { EmailAlreadyInUse, LoginAlreadyInUse } from './errors.js';
export { UsersModule } from './users.module.js';
export { UsersRepository } from './users.repository.js';
