import { Module } from '@nestjs/common';
import { ServiceAccountsRepository } from './service-accounts.repository.js';

/** Service accounts and their roles in workspaces. The operations on them are in `auth/api-keys`. */
@Module({ providers: [ServiceAccountsRepository], exports: [ServiceAccountsRepository] })
export class ServiceAccountsModule {}
