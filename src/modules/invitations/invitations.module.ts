import { Global, Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { PasswordsModule } from '../passwords/index.js';
import { IdempotencyModule } from '../idempotency/index.js';
import { MembersModule } from '../members/index.js';
import { InviteAccessRule, OrgsModule } from '../orgs/index.js';
import { RolesModule } from '../roles/index.js';
import { SettingsModule } from '../settings/index.js';
import { UsersModule } from '../users/index.js';
import { UserGroupsModule } from '../user-groups/index.js';
import { WorkspacesModule } from '../workspaces/index.js';
import { AcceptInvitation } from './core/accept-invitation.js';
import { InvitedAccounts } from './batch/invited-accounts.js';
import { AmendInvitation } from './pending/amend-invitation.js';
import { ExistingAccounts } from './batch/existing-accounts.js';
import { UserInvitations } from './own/user-invitations.js';
import { InvitationsRepository } from './core/invitations.repository.js';
import { InvitationsService } from './pending/invitations.service.js';
import { EnforcedInviteAccess } from './rights/enforced-invite-access.js';
import { InviteContextLoader } from './rights/invite-context-loader.js';
import { InviteOutcomes } from './batch/invite-outcomes.js';
import { InviteOne } from './batch/invite-one.js';
import { InvitePeople } from './batch/invite-people.js';
import { AddMembersDirectly } from './batch/add-members-directly.js';
import { WriteMemberships } from './batch/write-memberships.js';
import { OrgInvitesController } from './batch/org-invites.controller.js';
import { OrgPendingInvitationsController } from './pending/org-pending-invitations.controller.js';
import { OwnInvitationsController } from './own/own-invitations.controller.js';
import { OwnInvitationsService } from './own/own-invitations.service.js';
import { LinkedInvitations } from './own/linked-invitations.js';
import { InvitationMailJob } from './mail/invitation-mail.job.js';
import { InvitationMailsRepository } from './mail/invitation-mails.repository.js';
import { PendingMemberDirectory } from './core/pending-member-directory.read-model.js';
import { ResendInvitation } from './pending/resend-invitation.js';
import { Seats } from './core/seats.js';
import { ResolveInvitations } from './core/resolve-invitations.js';
import { PendingInvitationLookup } from './core/pending-invitation-lookup.js';
import { WorkspaceInvitesController } from './batch/workspace-invites.controller.js';
import { WorkspacePendingInvitationsController } from './pending/workspace-pending-invitations.controller.js';
import { WriteInvites } from './batch/write-invites.js';
import { MemberRemovalController } from './pending/member-removal.controller.js';
import { RemoveMemberOrInvitation } from './pending/remove-member-or-invitation.js';
import { InvitedPeopleLoader } from './rights/invited-people-loader.js';
import { OldInvitationsRepository } from './core/old-invitations.repository.js';
import { InvitationRemovalJob } from './core/invitation-removal.job.js';

const batch = [
  InviteOne,
  InvitePeople,
  WriteInvites,
  InvitedAccounts,
  InviteOutcomes,
  AddMembersDirectly,
  ExistingAccounts,
  WriteMemberships,
];
const own = [OwnInvitationsService, UserInvitations, LinkedInvitations];
const pending = [InvitationsService, AmendInvitation, ResendInvitation];
const rights = [InviteContextLoader, InvitedPeopleLoader];
const core = [
  InvitationsRepository,
  OldInvitationsRepository,
  InvitationRemovalJob,
  PendingMemberDirectory,
  PendingInvitationLookup,
  AcceptInvitation,
  ResolveInvitations,
  Seats,
  InvitationMailJob,
  InvitationMailsRepository,
];

/** Global, since modules below this one show the result. */
@Global()
@Module({
  imports: [SettingsModule],
  providers: [{ provide: InviteAccessRule, useClass: EnforcedInviteAccess }],
  exports: [InviteAccessRule],
})
class InviteAccessModule {}

/** Owns invitations and seats. Memberships are created through the members module. */
@Module({
  imports: [
    AuditModule,
    IdempotencyModule,
    UsersModule,
    RolesModule,
    MembersModule,
    OrgsModule,
    UserGroupsModule,
    WorkspacesModule,
    SettingsModule,
    PasswordsModule,
    InviteAccessModule,
  ],
  controllers: [
    OwnInvitationsController,
    OrgInvitesController,
    OrgPendingInvitationsController,
    WorkspaceInvitesController,
    WorkspacePendingInvitationsController,
    MemberRemovalController,
  ],
  providers: [...batch, ...own, ...pending, ...rights, ...core, RemoveMemberOrInvitation],
  exports: [
    AddMembersDirectly,
    AcceptInvitation,
    PendingInvitationLookup,
    PendingMemberDirectory,
    InvitationsService,
    ResolveInvitations,
    Seats,
    ExistingAccounts,
    LinkedInvitations,
  ],
})
export class InvitationsModule {}
