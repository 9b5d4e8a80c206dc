import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { IdempotencyModule } from '../idempotency/index.js';
import { MembersModule } from '../members/index.js';
import { OrgsModule } from '../orgs/index.js';
import { RbacModule } from '../rbac/index.js';
import { SettingsModule } from '../settings/index.js';
import { UsersModule } from '../users/index.js';
import { WorkspacesModule } from '../workspaces/index.js';
import { AcceptInvitation } from './accept-invitation.js';
import { AccountsForInvited } from './accounts-for-invited.js';
import { AmendInvitation } from './amend-invitation.js';
import { ExistingAccounts } from './existing-accounts.js';
import { EnrichedMembers } from './enriched-members.js';
import { EnrichedMembersController } from './enriched-members.controller.js';
import { InvitationsOfPerson } from './invitations-of-person.js';
import { InvitationsRepository } from './invitations.repository.js';
import { InvitationsService } from './invitations.service.js';
import { InviteCensus, InvitePlaces } from './invite-census.js';
import { InviteTerms } from './invite-terms.js';
import { InviteOutcomes } from './invite-outcomes.js';
import { InvitePeople } from './invite-people.js';
import { JoinDirectly } from './join-directly.js';
import { WriteJoins } from './write-joins.js';
import { MemberRoster } from './member-roster.js';
import { MemberRosterController } from './member-roster.controller.js';
import { OrgInvitationsController } from './org-invitations.controller.js';
import { OwnInvitationsController } from './own-invitations.controller.js';
import { OwnInvitationsService } from './own-invitations.service.js';
import { InvitationMails } from './mail/invitation-mails.js';
import { InvitationMailsRepository } from './mail/invitation-mails.repository.js';
import { PendingDirectory } from './pending-directory.js';
import { ResendInvitation } from './resend-invitation.js';
import { Seats } from './seats.js';
import { SettleInvitations } from './settle-invitations.js';
import { WaitingInvitations } from './waiting-invitations.js';
import { WorkspaceInvitationsController } from './workspace-invitations.controller.js';
import { WriteInvites } from './write-invites.js';

const useCases = [InvitePeople, AcceptInvitation, AmendInvitation, ResendInvitation, JoinDirectly];
const steps = [
  InviteCensus,
  InvitePlaces,
  InviteTerms,
  WriteInvites,
  WriteJoins,
  InviteOutcomes,
  AccountsForInvited,
  Seats,
];

/** Owns who is asked to come in, by whom, and how that ends. Not who is in: it asks members to add people. */
@Module({
  imports: [
    AuditModule,
    IdempotencyModule,
    UsersModule,
    RbacModule,
    MembersModule,
    OrgsModule,
    WorkspacesModule,
    SettingsModule,
  ],
  controllers: [
    OwnInvitationsController,
    OrgInvitationsController,
    WorkspaceInvitationsController,
    MemberRosterController,
    EnrichedMembersController,
  ],
  providers: [
    InvitationsRepository,
    InvitationsService,
    InvitationsOfPerson,
    OwnInvitationsService,
    PendingDirectory,
    MemberRoster,
    EnrichedMembers,
    InvitationMails,
    InvitationMailsRepository,
    WaitingInvitations,
    SettleInvitations,
    ExistingAccounts,
    ...useCases,
    ...steps,
  ],
  exports: [
    JoinDirectly,
    AcceptInvitation,
    WaitingInvitations,
    InvitationsService,
    SettleInvitations,
    Seats,
    ExistingAccounts,
  ],
})
export class InvitationsModule {}
