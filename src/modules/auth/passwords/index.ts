export type { AddressProof } from './address-proofs/address-proof.js';
export { AddressProofs } from './address-proofs/address-proofs.js';
export { LoginThrottle } from './login-limits/login-throttle.js';
export { PasswordsModule } from './passwords.module.js';
export type { PasswordDigest } from './core/passwords.repository.js';
export { PasswordsService } from './core/passwords.service.js';
