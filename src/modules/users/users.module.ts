import { Module } from '@nestjs/common';
import { LoginMethodsRepository } from './login-methods.repository.js';
import { LoginMethodsService } from './login-methods.service.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

/** Users and their login methods, without secrets and roles. */
@Module({
  providers: [UsersRepository, UsersService, LoginMethodsRepository, LoginMethodsService],
  exports: [UsersService, LoginMethodsService],
})
export class UsersModule {}
