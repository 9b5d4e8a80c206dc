import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { Transaction } from '../../database/transaction.js';
import { AuditTrail } from '../audit/index.js';
import { AccountsForInvited } from './accounts-for-invited.js';
import type { InviteBatch } from './invite-batch.js';
import { type Census, InviteCensus } from './invite-census.js';
import { type Invited, InviteOutcomes } from './invite-outcomes.js';
import { problemsOf } from './invite-rights.js';
import { AlreadyInvitedOrMember, refusal } from './invitations.errors.js';
import { WriteInvites } from './write-invites.js';

/**
 * Brings people in, a whole batch or nothing of it: new people become pending, pending ones keep their invitation with
 * workspaces added, members of the organization join the workspaces at once. A fixed number of statements.
 */
@Injectable()
export class InvitePeople {
  constructor(
    private readonly transaction: Transaction,
    private readonly census: InviteCensus,
    private readonly writes: WriteInvites,
    private readonly accounts: AccountsForInvited,
    private readonly outcomes: InviteOutcomes,
    private readonly audit: AuditTrail,
  ) {}

  /** One outcome per row, in the order of the rows. */
  async run(principal: OrgPrincipal, batch: InviteBatch): Promise<Invited[]> {
    const passwords = await this.accounts.hash(principal, batch);
    return this.transaction.runAs(principal, async () => {
      const census = await this.census.take(principal, batch.rows, batch);
      assertAllowed(batch, census);
      const written = await this.writes.run(principal, batch, census);
      await this.accounts.open(principal.orgId, passwords);
      const invited = await this.outcomes.list(batch, census, written);
      await this.audit.record(principal, batch.operation, [...new Set(invited.map(({ id }) => id))]);
      return invited;
    });
  }
}

function assertAllowed(batch: InviteBatch, census: Census): void {
  const problems = batch.rows.flatMap((row, index) =>
    problemsOf(row, census.facts).map((problem) => ({ ...problem, row: index })),
  );
  if (problems.length > 0) throw refusal(problems, batch.locate);
  const known = batch.rows.find(({ email }) => !census.facts.isNew(email));
  if (batch.onlyNewPeople && known) throw new AlreadyInvitedOrMember(known.email);
}
