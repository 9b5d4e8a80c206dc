export { type AddressProof, allowsPromotion, type PasswordChooser } from './address-proof.js';
export { AddressProofs } from './address-proofs.js';
export { LoginMethodsService } from './login-methods.service.js';
export { EmailAlreadyInUse, LoginAlreadyInUse } from './users.errors.js';
export type { User } from './user.entity.js';
export { UsersModule } from './users.module.js';
export { UsersService } from './users.service.js';
