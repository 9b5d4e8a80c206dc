import { Module } from '@nestjs/common';
import { DirectoryModule } from '../directory/index.js';
import { UserGroupsModule } from '../user-groups/index.js';
import { AskingRights } from './core/asking-rights.js';
import { AuthzenController } from './evaluation/authzen.controller.js';
import { Evaluate } from './evaluation/evaluate.js';
import { AuthzenMetadataController } from './authzen-metadata.controller.js';
import { AuthzenSearchController } from './search/authzen-search.controller.js';
import { CandidatesReadModel } from './search/candidates.read-model.js';
import { SearchAccess } from './search/search-access.js';
import { SearchSubjects } from './search/search-subjects.js';

/** The OpenID AuthZEN Authorization API 1.0 over the decisions of `directory`. Owns no table. */
@Module({
  imports: [DirectoryModule, UserGroupsModule],
  controllers: [AuthzenController, AuthzenMetadataController, AuthzenSearchController],
  providers: [AskingRights, CandidatesReadModel, Evaluate, SearchAccess, SearchSubjects],
})
export class AuthzenModule {}
