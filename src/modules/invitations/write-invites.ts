import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { Config } from '../../config/config.js';
import { WorkspaceMembersService } from '../members/index.js';
import { lesserOrgRole } from '../rbac/index.js';
import type { Census } from './invite-census.js';
import type { InviteBatch } from './invite-batch.js';
import { type InviteRow, mayGiveAgain, mayGivePart, orgRoleOf, workspaceRoleOf } from './invite-rights.js';
import { type Grant, InvitationsRepository, type NewInvitation } from './invitations.repository.js';
import { InvitationMails } from './mail/invitation-mails.js';
import type { PendingPerson } from './pending-directory.js';
import { newcomersOf, Seats } from './seats.js';

/** The invitations of those who are no members: new ones as they are shown, and the ids of those that waited already. */
export type Written = { made: readonly PendingPerson[]; waitingIds: readonly string[] };

/** Somebody who is no member: an address stands once, with all that its rows offer. */
type Invitee = NewInvitation & { grants: Grant[] };

/** Somebody who is invited already. */
type Known = Invitee & { id: string };

/** The writes of a batch that was found allowed: one statement per table. */
@Injectable()
export class WriteInvites {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly members: WorkspaceMembersService,
    private readonly seats: Seats,
    private readonly mails: InvitationMails,
    private readonly config: Config,
  ) {}

  async run(principal: OrgPrincipal, batch: InviteBatch, census: Census): Promise<Written> {
    const members = batch.rows.filter(({ email }) => census.memberOf(email));
    const invitees = inviteesOf(batch.rows.filter(({ email }) => !census.memberOf(email)));
    const fresh = invitees.filter(({ email }) => !census.pendingOf(email));
    const known = invitees.flatMap((invitee): Known[] => {
      const invitation = census.pendingOf(invitee.email);
      return invitation ? [{ ...invitee, id: invitation.id }] : [];
    });
    const { waiting = [], runOut = [] } = Object.groupBy(known, ({ email }) =>
      census.hasRunOut(email) ? 'runOut' : 'waiting',
    );
    await this.joinWorkspaces(members, census);
    const made = await this.make(principal, batch, fresh, census);
    await this.renew(batch, waiting, census);
    await this.makeAnew(runOut, census);
    await this.invitations.addGrants(census.org.id, [...made, ...waiting]);
    await this.seats.assertRoomFor(census.org, newcomersOf(batch.rows, batch.locate, census.hasSeat));
    return { made, waitingIds: known.map(({ id }) => id) };
  }

  private async joinWorkspaces(rows: readonly InviteRow[], census: Census): Promise<void> {
    const joining = rows.flatMap((row) => {
      const { userId } = census.memberOf(row.email)!;
      const roleId = workspaceRoleOf(row);
      return row.workspaceIds.map((workspaceId) => ({ workspaceId, roleId, userId }));
    });
    await this.members.addAll(census.org.id, joining, 'manual');
  }

  /** Nothing is read back: reading five hundred rows again takes a fifth of the batch. */
  private async make(
    principal: OrgPrincipal,
    batch: InviteBatch,
    invitees: readonly Invitee[],
    { org, facts }: Census,
  ): Promise<PendingPerson[]> {
    if (invitees.length === 0) return [];
    const { ids, createdAt, expiresAt } = await this.invitations.insert(org.id, invitees, {
      ttlDays: this.config.limits.invitationTtlDays,
      fromWorkspace: batch.fromWorkspaceId !== null,
      invitedByUserId: principal.userId,
    });
    await this.mails.plan(ids);
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
    waiting: readonly Known[],
    { org, facts }: Census,
  ): Promise<void> {
    if (rights === 'members-only' || facts.closed) return;
    const renewed = waiting.filter(({ email }) => mayGiveAgain(email, facts)); // who waits has his mail
    const ids = renewed.map(({ id }) => id);
    await this.invitations.renew(org.id, ids, this.config.limits.invitationTtlDays);
  }

  /**
   * Those that have run out. What they gave stays in them as far as the caller may give it, but for what he asks for now;
   * of two organization roles the lesser one, since inviting again raises nobody (contract decision 45).
   */
  private async makeAnew(runOut: readonly Known[], { org, facts }: Census): Promise<void> {
    if (runOut.length === 0) return;
    const lost = runOut.flatMap(({ id: invitationId, email }) =>
      facts
        .waiting(email)
        .filter((part) => !mayGivePart(part, facts))
        .flatMap(({ workspaceIds }) => workspaceIds.map((workspaceId) => ({ invitationId, workspaceId }))),
    );
    const roles = runOut.map(({ id, email, orgRoleId }) => {
      const [inOrg] = facts.waiting(email);
      return { id, orgRoleId: lesserOrgRole(orgRoleId, orgRoleOf(inOrg!)) };
    });
    await this.invitations.dropGrants(org.id, lost);
    await this.invitations.renewAs(org.id, roles, this.config.limits.invitationTtlDays);
    await this.invitations.setGrants(org.id, runOut);
    await this.mails.plan(runOut.map(({ id }) => id));
  }
}

/** The first row of an address decides. */
const inviteesOf = (rows: readonly InviteRow[]): Invitee[] =>
  [...Map.groupBy(rows, ({ email }) => email).values()].map((own) => ({
    email: own[0]!.email,
    fullName: own[0]!.fullName,
    orgRoleId: orgRoleOf(own[0]!),
    grants: grantsOf(own),
  }));

/** Each workspace once, with the role of the first row that names it; in the order in which they are shown. */
function grantsOf(rows: readonly InviteRow[]): Grant[] {
  const roles = new Map(
    rows.toReversed().flatMap((row) => row.workspaceIds.map((id) => [id, workspaceRoleOf(row)] as const)),
  );
  return [...roles.keys()].sort().map((workspaceId) => ({ workspaceId, roleId: roles.get(workspaceId)! }));
}
