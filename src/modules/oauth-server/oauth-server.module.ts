import { Module } from '@nestjs/common';
import { GrantsRepository } from './core/grants.repository.js';

/** The OAuth authorization server: applications, and the grants of people (docs/decisions/0128-the-authorization-server.md). */
@Module({
  providers: [GrantsRepository],
  exports: [GrantsRepository],
})
export class OauthServerModule {}
