import { Module } from '@nestjs/common';
import { InvitationsModule } from '../invitations/index.js';
import { MembersModule } from '../members/index.js';
import { WorkspacesModule } from '../workspaces/index.js';
import { EnrichedMembers } from './enriched-members/enriched-members.read-model.js';
import { EnrichedMembersController } from './enriched-members/enriched-members.controller.js';
import { MemberListsController } from './member-lists.controller.js';
import { MemberRosterController } from './member-roster.controller.js';

/** Lists over several modules. Owns no table. */
@Module({
  imports: [InvitationsModule, MembersModule, WorkspacesModule],
  controllers: [EnrichedMembersController, MemberListsController, MemberRosterController],
  providers: [EnrichedMembers],
})
export class DirectoryModule {}
