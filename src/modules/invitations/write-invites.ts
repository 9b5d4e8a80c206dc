import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { Config } from '../../config/config.js';
import { WorkspaceMembersService } from '../members/index.js';
import type { Census } from './invite-census.js';
import type { InviteBatch } from './invite-batch.js';
import { type InviteRow, mayGiveAgain, orgRoleOf, workspaceRoleOf } from './invite-rights.js';
import { hasExpired } from './invitation-status.js';
import { InvitationsRepository } from './invitations.repository.js';
import { InvitationMails } from './mail/invitation-mails.js';
import { Seats } from './seats.js';

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

  /** The invitations of those who are no members, new and old. */
  async run(principal: OrgPrincipal, batch: InviteBatch, census: Census): Promise<string[]> {
    const members = batch.rows.filter(({ email }) => census.memberOf(email));
    const waiting = batch.rows.filter(({ email }) => !census.memberOf(email));
    await this.joinWorkspaces(members, census);
    const invitationOf = await this.invite(principal, batch, waiting, census);
    await this.invitations.addGrants(
      census.org.id,
      waiting.flatMap((row) =>
        grantsOf(row).map((grant) => ({ ...grant, invitationId: invitationOf.get(row.email)! })),
      ),
    );
    await this.seats.assertWithinLimit(census.org);
    return [...invitationOf.values()];
  }

  private async joinWorkspaces(rows: readonly InviteRow[], census: Census): Promise<void> {
    const joining = rows.flatMap((row) =>
      grantsOf(row).map((grant) => ({ ...grant, userId: census.memberOf(row.email)!.userId })),
    );
    await this.members.addAll(census.org.id, joining, 'manual');
  }

  /** The invitation of each address: new ones are made, those that wait are renewed by who could make them. */
  private async invite(
    principal: OrgPrincipal,
    batch: InviteBatch,
    rows: readonly InviteRow[],
    census: Census,
  ) {
    const ttlDays = this.config.limits.invitationTtlDays;
    const terms = {
      ttlDays,
      fromWorkspace: batch.fromWorkspaceId !== null,
      invitedByUserId: principal.userId,
    };
    const byEmail = new Map(rows.toReversed().map((row) => [row.email, row])); // the first row of an address decides
    const fresh = [...byEmail.values()].reverse().filter(({ email }) => !census.pendingOf(email));
    const waiting = [...byEmail.keys()].flatMap((email) => census.pendingOf(email) ?? []);
    const newIds =
      fresh.length === 0 ? [] : await this.invitations.insert(census.org.id, fresh.map(toInvitation), terms);
    const renewed =
      batch.rights === 'members-only' ? [] : waiting.filter(({ email }) => mayGiveAgain(email, census.facts));
    await this.invitations.renew(
      census.org.id,
      renewed.map(({ id }) => id),
      ttlDays,
    );
    const runOut = renewed.filter(hasExpired); // made anew, as it were; whoever waits has his mail
    await this.mails.plan([...newIds, ...runOut.map(({ id }) => id)]);
    return new Map([
      ...waiting.map(({ email, id }) => [email, id] as const),
      ...fresh.map(({ email }, index) => [email, newIds[index]!] as const),
    ]);
  }
}

const grantsOf = (row: InviteRow) =>
  row.workspaceIds.map((workspaceId) => ({ workspaceId, roleId: workspaceRoleOf(row) }));

const toInvitation = (row: InviteRow) => ({
  email: row.email,
  fullName: row.fullName,
  orgRoleId: orgRoleOf(row),
});
