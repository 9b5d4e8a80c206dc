import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { ScimTokensController } from './tokens/scim-tokens.controller.js';
import { ScimTokensRepository } from './tokens/scim-tokens.repository.js';
import { ScimTokensService } from './tokens/scim-tokens.service.js';

/**
 * Owns what an identity provider keeps in an organization through SCIM 2.0: its tokens, its records of people, its
 * groups and the roles these give. Not the people and memberships themselves.
 */
@Module({
  imports: [AuditModule],
  controllers: [ScimTokensController],
  providers: [ScimTokensRepository, ScimTokensService],
})
export class ScimModule {}
