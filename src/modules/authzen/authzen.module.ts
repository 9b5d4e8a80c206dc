import { Module } from '@nestjs/common';
import { DirectoryModule } from '../directory/index.js';
import { UserGroupsModule } from '../user-groups/index.js';
import { AskingRights } from './asking-rights.js';
import { AuthzenController } from './authzen.controller.js';
import { Evaluate } from './evaluate.js';
import { AuthzenMetadataController } from './authzen-metadata.controller.js';

/** The OpenID AuthZEN Authorization API 1.0 over the decisions of `directory`. Owns no table. */
@Module({
  imports: [DirectoryModule, UserGroupsModule],
  controllers: [AuthzenController, AuthzenMetadataController],
  providers: [AskingRights, Evaluate],
})
export class AuthzenModule {}
