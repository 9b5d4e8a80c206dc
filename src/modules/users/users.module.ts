import { Module } from '@nestjs/common';
import { LoginMethodsRepository } from './login-methods.repository.js';
import { UsersRepository } from './users.repository.js';

/** Users and their login methods, without secrets and roles. */
@Module({
  providers: [UsersRepository, LoginMethodsRepository],
  exports: [UsersRepository, LoginMethodsRepository],
})
export class UsersModule {}
