import { Global, Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { PasswordsModule } from '../passwords/index.js';
import { IdempotencyModule } from '../idempotency/index.js';
import { MembersModule } from '../members/index.js';
import { NoticesModule } from '../notices/index.js';
import { InviteAccessRule, OrgsModule } from '../orgs/index.js';
import { RolesModule } from '../roles/index.js';
import { SettingsModule } from '../settings/index.js';
import { UsersModule } from '../users/index.js';
import { UserGroupsModule } from '../user-groups/index.js';
import { WorkspacesModule } from '../workspaces/index.js';
import { AcceptInvitation } from './core/accept-invitation.js';
import { ExistingAccounts } from './batch/existing-accounts.js';
import { UserInvitations } from './own/user-invitations.js';
import { InvitationsRepository } from './core/invitations.repository.js';
import { AmendWorkspacePart } from './amend-workspace-part.js';
import { InvitationsService } from './invitations.service.js';
import { EnforcedInviteAccess } from './rights/enforced-invite-access.js';
import { InviteContextLoader } from './rights/invite-context-loader.js';
import { InviteOutcomes } from './batch/invite-outcomes.js';
import { InvitePeople } from './batch/invite-people.js';
import { AddMembersDirectly } from './batch/add-members-directly.js';
import { OrgInvitationsController } from './org-invitations.controller.js';
import { WorkspaceInvitationsController } from './workspace-invitations.controller.js';
import { OwnInvitationsController } from './own/own-invitations.controller.js';
import { OwnInvitationsService } from './own/own-invitations.service.js';
import { InvitationMailsRepository } from './mail/invitation-mails.repository.js';
import { PeoplePerWorkspace } from './core/people-per-workspace.read-model.js';
import { PendingMemberDirectory } from './core/pending-member-directory.read-model.js';
import { Seats } from './core/seats.js';
import { ResolveInvitations } from './core/resolve-invitations.js';
import { PendingInvitationLookup } from './core/pending-invitation-lookup.js';
import { WriteInvites } from './batch/write-invites.js';
import { ResendInvitation } from './resend-invitation.js';
import { InvitedAccounts } from './batch/invited-accounts.js';
import { InvitedPeopleLoader } from './rights/invited-people-loader.js';
import { WriteMemberships } from './batch/write-memberships.js';
import { RemoveMemberOrInvitation } from './remove-member-or-invitation.js';
import { OldInvitationsRepository } from './core/old-invitations.repository.js';

const providers = [
  InvitePeople,
  WriteInvites,
  InvitedAccounts,
  InviteOutcomes,
  AddMembersDirectly,
  WriteMemberships,
  ExistingAccounts,
  OwnInvitationsService,
  UserInvitations,
  InvitationsService,
  AmendWorkspacePart,
  ResendInvitation,
  RemoveMemberOrInvitation,
  InviteContextLoader,
  InvitedPeopleLoader,
  InvitationsRepository,
  OldInvitationsRepository,
  PendingMemberDirectory,
  PendingInvitationLookup,
  AcceptInvitation,
  ResolveInvitations,
  Seats,
  InvitationMailsRepository,
  PeoplePerWorkspace,
];

/** Global, since modules below this one show the results. */
@Global()
@Module({
  imports: [SettingsModule],
  providers: [{ provide: InviteAccessRule, useClass: EnforcedInviteAccess }],
  exports: [InviteAccessRule],
})
class ShownBelowModule {}

/** Owns invitations and seats. Memberships are created through the members module. */
@Module({
  imports: [
    AuditModule,
    IdempotencyModule,
    UsersModule,
    RolesModule,
    MembersModule,
    OrgsModule,
    NoticesModule,
    UserGroupsModule,
    WorkspacesModule,
    SettingsModule,
    PasswordsModule,
    ShownBelowModule,
  ],
  controllers: [OwnInvitationsController, OrgInvitationsController, WorkspaceInvitationsController],
  providers,
  exports: [
    AddMembersDirectly,
    AcceptInvitation,
    PendingInvitationLookup,
    PendingMemberDirectory,
    InvitationsService,
    ResolveInvitations,
    Seats,
    ExistingAccounts,
    PeoplePerWorkspace,
  ],
})
export class InvitationsModule {}
