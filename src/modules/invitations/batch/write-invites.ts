import { Injectable } from '@nestjs/common';
import { zip } from '../../../common/collections.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import type { AuditOperation } from '../../../common/http/operations/audit-operations.js';
import { Config } from '../../../config/config.js';
import { RateLimiter } from '../../../database/rate-limits/rate-limiter.js';
import { awaitAll } from '../../../database/transactions/unit-of-work.js';
import { newIds } from '../../../database/statements/new-id.js';
import type { AuditDetails } from '../../audit/index.js';
import { WorkspaceMembersService, createdBy, membershipFacts, type Provenance } from '../../members/index.js';
import { lowerOrgRole } from '../../roles/index.js';
import type { InviteContext } from '../rights/invite-context-loader.js';
import {
  type InviteRights,
  type InviteRow,
  mayGrantPart,
  mayInviteNewPeople,
  personAt,
  renewalProblem,
} from '../rights/invite-rights.js';
import { type FoundInvitation, InvitationsRepository } from '../core/invitations.repository.js';
import { InvitationMailsRepository } from '../mail/invitation-mails.repository.js';
import type { PendingMember } from '../core/pending-member-directory.read-model.js';
import type { LocatedRows } from '../core/row-location.js';
import { newSeatsOf, Seats } from '../core/seats.js';
import {
  asPending,
  changedEnds,
  changedRoles,
  endsById,
  type EndsById,
  type Invitee,
  inviteesOf,
  inWorkspaces,
  offeredEnds,
  requestedEnds,
} from './invitees.js';

export type InviteBatch = LocatedRows<InviteRow> & {
  operation: AuditOperation;
  rights: InviteRights;
  /** The inviting workspace; null at organization level. */
  fromWorkspaceId: string | null;
  /** 409 for an existing member or invitation, in place of its row (docs/contract/invitations.md#batches). */
  onlyNewUsers: boolean;
};

/** The invitations of non-members: the created ones, and the ids of those that existed; and what members have joined. */
export type WrittenInvites = {
  created: readonly PendingMember[];
  existingIds: readonly string[];
  added: Awaited<ReturnType<WorkspaceMembersService['addAll']>>;
  ends: EndsById;
};

type ExistingInvitee = Invitee & { id: string; invitation: FoundInvitation };

/** Writes a batch that was checked before, with one statement per table. */
@Injectable()
export class WriteInvites {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly members: WorkspaceMembersService,
    private readonly seats: Seats,
    private readonly mails: InvitationMailsRepository,
    private readonly limiter: RateLimiter,
    private readonly config: Config,
  ) {}

  /** The caller writes the audit entry with the id `auditEntryId`. */
  async run(
    principal: OrgPrincipal,
    batch: InviteBatch,
    context: InviteContext,
    auditEntryId: string,
  ): Promise<WrittenInvites> {
    const nonMembers = batch.rows.filter(({ email }) => !context.members.has(email));
    const invitees = inviteesOf(nonMembers, batch.fromWorkspaceId);
    const newInvitees = invitees.filter(({ email }) => !context.invitations.has(email));
    const existing = invitees.flatMap((invitee): ExistingInvitee[] => {
      const invitation = context.invitations.get(invitee.email);
      return invitation ? [{ ...invitee, id: invitation.id, invitation }] : [];
    });
    const { pending = [], expired = [] } = Object.groupBy(existing, ({ invitation }) =>
      invitation.isExpired ? 'expired' : 'pending',
    );
    const invited = zip(newInvitees, newIds(newInvitees)).map(([invitee, id]) => ({ ...invitee, id }));
    const provenance = createdBy(principal, 'direct_add', auditEntryId);
    const ends = changedEnds(batch, pending, context);
    const [created, added] = await awaitAll([
      this.create(principal, batch, invited, context),
      this.members.addAll(context.org.id, joiningOf(batch, context, provenance)),
      this.recreateExpired(batch, expired, context),
      this.invitations.removeEndedGrants(context.org.id, pending), // which the rows may offer again
      this.invitations.addGrants(context.org.id, [...invited, ...pending]),
      this.invitations.setGrants(context.org.id, changedRoles(batch, pending, context)),
      this.invitations.setEnds(context.org.id, ends),
      this.renew(batch, pending, context), // after the ends, which limit it
      this.seats.assertSeatsFor(context.org, newSeatsOf(batch.rows, batch.locate, context)),
    ]);
    return {
      created,
      existingIds: existing.map(({ id }) => id),
      added,
      ends: endsById(invited, [...ends, ...requestedEnds(batch, expired)]),
    };
  }

  private async create(
    principal: OrgPrincipal,
    { fromWorkspaceId }: InviteBatch,
    invitees: readonly (Invitee & { id: string })[],
    context: InviteContext,
  ): Promise<PendingMember[]> {
    if (invitees.length === 0) return [];
    const orgId = context.org.id;
    const [times] = await awaitAll([
      this.invitations.insert(orgId, invitees, {
        fromWorkspace: fromWorkspaceId !== null,
        invitedByUserId: principal.userId,
      }),
      this.assertWithinHourlyLimit(orgId),
      this.mails.queue(invitees.map(({ id }) => id)),
    ]);
    const { isConfigured: isMailed } = this.mails;
    return invitees.map((invitee) => asPending({ ...invitee, ...times, isMailed }, fromWorkspaceId, context));
  }

  /** Called once they are inserted, under the roster lock. @throws TooManyRequests */
  private async assertWithinHourlyLimit(orgId: string): Promise<void> {
    const { invitedAddressesPerHour } = this.config.rateLimits;
    const seconds = await this.invitations.secondsOverLimit(orgId, invitedAddressesPerHour);
    if (seconds !== null) throw this.limiter.refusal('invited addresses', seconds);
  }

  /** Those that the caller could have created, unless invitations are closed. */
  private async renew(
    { rights }: InviteBatch,
    pending: readonly ExistingInvitee[],
    { org, facts }: InviteContext,
  ): Promise<void> {
    if (!mayInviteNewPeople(rights) || facts.closedReason) return;
    const renewed = pending.filter(({ email }) => renewalProblem(email, facts) === null); // they were mailed before
    const ids = renewed.map(({ id }) => id);
    await this.invitations.renew(org.id, ids);
  }

  /** See docs/contract/invitations.md#one-invitation-per-address. */
  private async recreateExpired(
    batch: InviteBatch,
    expired: readonly ExistingInvitee[],
    { org, facts }: InviteContext,
  ): Promise<void> {
    if (expired.length === 0) return;
    const removedGrants = expired.flatMap(({ id: invitationId, email }) =>
      personAt(email, facts)
        .invitationParts.filter((part) => !mayGrantPart(part, facts))
        .flatMap(({ workspaceIds }) => workspaceIds.map((workspaceId) => ({ invitationId, workspaceId }))),
    );
    const roles = expired.map(({ id, orgRoleId, invitation }) => ({
      id,
      orgRoleId: lowerOrgRole(orgRoleId, invitation.orgRoleId),
    }));
    const ids = expired.map(({ id }) => id);
    await awaitAll([
      this.invitations.removeGrants(org.id, removedGrants),
      this.invitations.removeEndedGrants(org.id, expired),
      this.invitations.renewWithRoles(org.id, roles),
      this.invitations.setGrants(org.id, expired),
      this.invitations.setEnds(org.id, requestedEnds(batch, expired)),
      this.invitations.limitExpiry(org.id, ids),
      this.mails.queueAgain(ids),
    ]);
  }
}

/** The memberships of members of the organization in more workspaces. */
const joiningOf = ({ rows }: InviteBatch, { members }: InviteContext, provenance: Provenance) =>
  rows.flatMap((row) => {
    const member = members.get(row.email);
    return member ? inWorkspaces(row, member.user.id, provenance) : [];
  });

export const inviteFacts = ({ created, existingIds, added, ends }: WrittenInvites): AuditDetails => ({
  ...(created.length > 0 ? { created_invitation_ids: created.map(({ id }) => id) } : {}),
  ...(existingIds.length > 0 ? { updated_invitation_ids: [...existingIds] } : {}),
  ...membershipFacts({ added }),
  ...offeredEnds(ends),
});
