import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { Config } from '../../config/config.js';
import { WorkspaceMembersService } from '../members/index.js';
import { lowerOrgRole } from '../rbac/index.js';
import type { InviteContext } from './invite-context-loader.js';
import type { InviteBatch } from './invite-batch.js';
import { type InviteRow, mayRenew, mayGrantPart, orgRoleOf, workspaceRoleOf } from './invite-rights.js';
import { type Grant, InvitationsRepository, type NewInvitation } from './invitations.repository.js';
import { InvitationMailJob } from './mail/invitation-mail.job.js';
import type { PendingMember } from './pending-member-directory.js';
import { newcomersOf, Seats } from './seats.js';

/** The invitations of those who are no members: new ones as they are shown, and the ids of those that waited already. */
export type WrittenInvites = { created: readonly PendingMember[]; existingIds: readonly string[] };

/** Somebody who is no member: an address stands once, with all that its rows offer. */
type Invitee = NewInvitation & { grants: Grant[] };

/** Somebody who is invited already. */
type ExistingInvitee = Invitee & { id: string };

/** The writes of a batch that was found allowed: one statement per table. */
@Injectable()
export class WriteInvites {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly members: WorkspaceMembersService,
    private readonly seats: Seats,
    private readonly mailJob: InvitationMailJob,
    private readonly config: Config,
  ) {}

  async run(principal: OrgPrincipal, batch: InviteBatch, context: InviteContext): Promise<WrittenInvites> {
    const members = batch.rows.filter(({ email }) => context.findMember(email));
    const invitees = inviteesOf(batch.rows.filter(({ email }) => !context.findMember(email)));
    const newInvitees = invitees.filter(({ email }) => !context.findPending(email));
    const existing = invitees.flatMap((invitee): ExistingInvitee[] => {
      const invitation = context.findPending(invitee.email);
      return invitation ? [{ ...invitee, id: invitation.id }] : [];
    });
    const { waiting: pending = [], runOut: expired = [] } = Object.groupBy(existing, ({ email }) =>
      context.isInvitationExpired(email) ? 'runOut' : 'waiting',
    );
    await this.addToWorkspaces(members, context);
    const created = await this.create(principal, batch, newInvitees, context);
    await this.renew(batch, pending, context);
    await this.recreateExpired(expired, context);
    await this.invitations.addGrants(context.org.id, [...created, ...pending]);
    await this.seats.assertSeatsFor(context.org, newcomersOf(batch.rows, batch.locate, context.hasSeat));
    return { created, existingIds: existing.map(({ id }) => id) };
  }

  private async addToWorkspaces(rows: readonly InviteRow[], context: InviteContext): Promise<void> {
    const added = rows.flatMap((row) => {
      const { userId } = context.findMember(row.email)!;
      const roleId = workspaceRoleOf(row);
      return row.workspaceIds.map((workspaceId) => ({ workspaceId, roleId, userId }));
    });
    await this.members.addAll(context.org.id, added, 'manual');
  }

  /** Nothing is read back: reading five hundred rows again takes a fifth of the batch. */
  private async create(
    principal: OrgPrincipal,
    batch: InviteBatch,
    invitees: readonly Invitee[],
    { org, facts }: InviteContext,
  ): Promise<PendingMember[]> {
    if (invitees.length === 0) return [];
    const { ids, createdAt, expiresAt } = await this.invitations.insert(org.id, invitees, {
      ttlDays: this.config.limits.invitationTtlDays,
      fromWorkspace: batch.fromWorkspaceId !== null,
      invitedByUserId: principal.userId,
    });
    await this.mailJob.enqueue(ids);
    return invitees.map((invitee, index) => ({
      ...invitee,
      id: ids[index]!,
      orgId: org.id,
      orgRoleName: facts.roles.get(invitee.orgRoleId)!.displayName,
      createdAt,
      expiresAt,
      isExpired: false,
    }));
  }

  /** Those that the caller could have made himself, and while anybody may be invited: others get their workspaces only. */
  private async renew(
    { rights }: InviteBatch,
    pending: readonly ExistingInvitee[],
    { org, facts }: InviteContext,
  ): Promise<void> {
    if (rights === 'members-only' || facts.closedReason) return;
    const renewed = pending.filter(({ email }) => mayRenew(email, facts)); // who waits has his mail
    const ids = renewed.map(({ id }) => id);
    await this.invitations.renew(org.id, ids, this.config.limits.invitationTtlDays);
  }

  /**
   * Those that have run out. What they gave stays in them as far as the caller may give it, but for what he asks for now;
   * of two organization roles the lesser one, since inviting again raises nobody (contract decision 45).
   */
  private async recreateExpired(
    expired: readonly ExistingInvitee[],
    { org, facts }: InviteContext,
  ): Promise<void> {
    if (expired.length === 0) return;
    const removedGrants = expired.flatMap(({ id: invitationId, email }) =>
      facts
        .pendingRows(email)
        .filter((part) => !mayGrantPart(part, facts))
        .flatMap(({ workspaceIds }) => workspaceIds.map((workspaceId) => ({ invitationId, workspaceId }))),
    );
    const roles = expired.map(({ id, email, orgRoleId }) => {
      const [inOrg] = facts.pendingRows(email);
      return { id, orgRoleId: lowerOrgRole(orgRoleId, orgRoleOf(inOrg!)) };
    });
    await this.invitations.removeGrants(org.id, removedGrants);
    await this.invitations.renewWithRoles(org.id, roles, this.config.limits.invitationTtlDays);
    await this.invitations.setGrants(org.id, expired);
    await this.mailJob.enqueue(expired.map(({ id }) => id));
  }
}

/** The first row of an address decides. */
const inviteesOf = (rows: readonly InviteRow[]): Invitee[] =>
  [...Map.groupBy(rows, ({ email }) => email).values()].map((ownRows) => ({
    email: ownRows[0]!.email,
    fullName: ownRows[0]!.fullName,
    orgRoleId: orgRoleOf(ownRows[0]!),
    grants: grantsOf(ownRows),
  }));

/** Each workspace once, with the role of the first row that names it; in the order in which they are shown. */
function grantsOf(rows: readonly InviteRow[]): Grant[] {
  const roles = new Map(
    rows.toReversed().flatMap((row) => row.workspaceIds.map((id) => [id, workspaceRoleOf(row)] as const)),
  );
  return [...roles.keys()].sort().map((workspaceId) => ({ workspaceId, roleId: roles.get(workspaceId)! }));
}
