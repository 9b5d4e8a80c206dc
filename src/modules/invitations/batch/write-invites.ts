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
import {
  type FoundInvitation,
  InvitationsRepository,
  type InvitationTimes,
  type NewInvitation,
} from '../core/invitations.repository.js';
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
  offeredEnds,
  requestedEnds,
} from './invitees.js';
import { inWorkspaces } from './write-memberships.js';

export type InviteBatch = LocatedRows<InviteRow> & {
  operation: AuditOperation;
  rights: InviteRights;
  /** The inviting workspace; null at organization level. */
  fromWorkspaceId: string | null;
  /**
   * 409 for an existing member or pending invitation, instead of the existing row
   * (docs/contract/invitations.md#batches).
   */
  onlyNewUsers: boolean;
};

/** The invitations of non-members: the created ones, and the ids of those that existed; and what members have joined. */
export type WrittenInvites = {
  created: readonly PendingMember[];
  existingIds: readonly string[];
  added: readonly AddedToWorkspace[];
  /** The ends that were set, by the id of the invitation. */
  ends: EndsById;
};
type AddedToWorkspace = Awaited<ReturnType<WorkspaceMembersService['addAll']>>[number];

/** An invitee with a pending invitation. */
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
    const created = zip(newInvitees, newIds(newInvitees)).map(([invitee, id]) => ({ ...invitee, id }));
    const ends = changedEnds(batch, pending, context);
    const [times, added] = await awaitAll([
      this.create(principal, batch, created, context),
      this.addToWorkspaces(batch.rows, context, createdBy(principal, 'direct_add', auditEntryId)),
      this.recreateExpired(batch, expired, context),
      this.addGrants(context, created, pending),
      this.invitations.setGrants(context.org.id, changedRoles(batch, pending, context)),
      this.invitations.setEnds(context.org.id, ends),
      this.renew(batch, pending, context), // after the ends, which limit it
      this.seats.assertSeatsFor(context.org, newSeatsOf(batch.rows, batch.locate, context)),
    ]);
    const { isConfigured: isMailed } = this.mails;
    return {
      created: times
        ? created.map((invitation) =>
            asPending({ ...invitation, ...times, isMailed }, batch.fromWorkspaceId, context),
          )
        : [],
      existingIds: existing.map(({ id }) => id),
      added,
      ends: endsById(created, [...ends, ...requestedEnds(batch, expired)]),
    };
  }

  /** Only the rows of members. */
  private async addToWorkspaces(
    rows: readonly InviteRow[],
    context: InviteContext,
    provenance: Provenance,
  ): Promise<readonly AddedToWorkspace[]> {
    const added = rows.flatMap((row) => {
      const member = context.members.get(row.email);
      return member ? inWorkspaces(row, member.user.id, provenance) : [];
    });
    return this.members.addAll(context.org.id, added);
  }

  /** Returns the times that all of them have; null if there are none. */
  private async create(
    principal: OrgPrincipal,
    batch: InviteBatch,
    invitees: readonly (NewInvitation & { id: string })[],
    { org }: InviteContext,
  ): Promise<InvitationTimes | null> {
    if (invitees.length === 0) return null;
    const [times] = await awaitAll([
      this.invitations.insert(org.id, invitees, {
        fromWorkspace: batch.fromWorkspaceId !== null,
        invitedByUserId: principal.userId,
      }),
      this.assertWithinHourlyLimit(org.id),
      this.mails.queue(invitees.map(({ id }) => id)),
    ]);
    return times;
  }

  /** Called once they are inserted, under the roster lock. @throws TooManyRequests */
  private async assertWithinHourlyLimit(orgId: string): Promise<void> {
    const { invitedAddressesPerHour } = this.config.rateLimits;
    const seconds = await this.invitations.secondsOverLimit(orgId, invitedAddressesPerHour);
    if (seconds !== null) throw this.limiter.refusal('invited addresses', seconds);
  }

  /**
   * Renews the invitations that the caller could have created, unless invitations are closed; the others only get
   * workspaces.
   */
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

  /** What pending invitations offered until a time that has passed is not in the way of what the rows give. */
  private async addGrants(
    { org }: InviteContext,
    created: readonly (Invitee & { id: string })[],
    pending: readonly ExistingInvitee[],
  ): Promise<void> {
    const ids = pending.map(({ id }) => id);
    await awaitAll([
      ids.length > 0 ? this.invitations.removeEndedGrants(org.id, ids) : undefined,
      this.invitations.addGrants(org.id, [...created, ...pending]),
    ]);
  }

  /**
   * Renews expired invitations. They keep the grants that the caller may grant and that have not ended, and requested
   * workspace roles and ends replace old ones. The lower org role applies: inviting again raises no role
   * (docs/contract/invitations.md#one-invitation-per-address).
   */
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
      this.invitations.removeEndedGrants(org.id, ids),
      this.invitations.renewWithRoles(org.id, roles),
      this.invitations.setGrants(org.id, expired),
      this.invitations.setEnds(org.id, requestedEnds(batch, expired)),
      this.invitations.limitExpiry(org.id, ids),
      this.mails.queueAgain(ids),
    ]);
  }
}

/** What the audit entry of a batch says became of each address. */
export const inviteFacts = ({ created, existingIds, added, ends }: WrittenInvites): AuditDetails => ({
  ...(created.length > 0 ? { created_invitation_ids: created.map(({ id }) => id) } : {}),
  ...(existingIds.length > 0 ? { updated_invitation_ids: [...existingIds] } : {}),
  ...membershipFacts({ added }),
  ...offeredEnds(ends),
});
