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
import { InvitedAccounts } from './invited-accounts.js';
import { AmendInvitation } from './amend-invitation.js';
import { ExistingAccounts } from './existing-accounts.js';
import { UserInvitations } from './user-invitations.js';
import { InvitationsRepository } from './invitations.repository.js';
import { InvitationsService } from './invitations.service.js';
import { InviteContextLoader, InviteWorkspacePermissions } from './invite-context-loader.js';
import { InvitePolicy } from './invite-policy.js';
import { InviteOutcomes } from './invite-outcomes.js';
import { InvitePeople } from './invite-people.js';
import { AddMembersDirectly } from './add-members-directly.js';
import { WriteMemberships } from './write-joins.js';
import { MemberRemovalController } from './member-removal.controller.js';
import { OrgInvitationsController } from './org-invitations.controller.js';
import { OwnInvitationsController } from './own-invitations.controller.js';
import { OwnInvitationsService } from './own-invitations.service.js';
import { InvitationMailJob } from './mail/invitation-mail.job.js';
import { InvitationMailsRepository } from './mail/invitation-mails.repository.js';
import { PendingMemberDirectory } from './pending-member-directory.js';
import { RemoveMemberOrInvitation } from './remove-member-or-invitation.js';
import { ResendInvitation } from './resend-invitation.js';
import { Seats } from './seats.js';
import { ResolveInvitations } from './resolve-invitations.js';
import { PendingInvitationLookup } from './pending-invitation-lookup.js';
import { WorkspaceInvitationsController } from './workspace-invitations.controller.js';
import { WriteInvites } from './write-invites.js';

const useCases = [
  InvitePeople,
  AcceptInvitation,
  AmendInvitation,
  ResendInvitation,
  RemoveMemberOrInvitation,
  AddMembersDirectly,
];
const steps = [
  InviteContextLoader,
  InviteWorkspacePermissions,
  InvitePolicy,
  WriteInvites,
  WriteMemberships,
  InviteOutcomes,
  InvitedAccounts,
  Seats,
];

/** Owns invitations and seats. Memberships are created through the members module. */
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
    MemberRemovalController,
  ],
  providers: [
    InvitationsRepository,
    InvitationsService,
    UserInvitations,
    OwnInvitationsService,
    PendingMemberDirectory,
    InvitationMailJob,
    InvitationMailsRepository,
    PendingInvitationLookup,
    ResolveInvitations,
    ExistingAccounts,
    ...useCases,
    ...steps,
  ],
  exports: [
    AddMembersDirectly,
    AcceptInvitation,
    PendingInvitationLookup,
    PendingMemberDirectory,
    InvitationsService,
    ResolveInvitations,
    Seats,
    ExistingAccounts,
  ],
})
export class InvitationsModule {}
