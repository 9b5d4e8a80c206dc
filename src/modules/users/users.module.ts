import { Module } from '@nestjs/common';
import { AddressProofs } from './address-proofs.js';
import { LoginMethodsRepository } from './login-methods.repository.js';
import { LoginMethodsService } from './login-methods.service.js';
import { PasswordOriginsRepository } from './password-origins.repository.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

/** Users and their login methods, without secrets and roles. */
@Module({
  providers: [
    UsersRepository,
    UsersService,
    LoginMethodsRepository,
    LoginMethodsService,
    PasswordOriginsRepository,
    AddressProofs,
  ],
  exports: [UsersService, LoginMethodsService, AddressProofs],
})
export class UsersModule {}
