import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { unique } from '../../../common/collections.js';
import { newId } from '../../../database/statements/new-id.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { AlreadyInvitedOrMember } from '../core/invitations.errors.js';
import { type InviteContext, InviteContextLoader } from '../rights/invite-context-loader.js';
import { assertNoProblems, namingRows } from '../rights/invite-refusal.errors.js';
import { inviteProblems, isNewPerson } from '../rights/invite-rights.js';
import { InvitedAccounts } from './invited-accounts.js';
import { type InviteOutcome, InviteOutcomes } from './invite-outcomes.js';
import { type InviteBatch, inviteFacts, WriteInvites } from './write-invites.js';

/**
 * Invites a whole batch, or nothing of it: new users become pending, pending invitations get more workspaces, members
 * of the organization join the workspaces at once. The number of statements is fixed.
 */
@Injectable()
export class InvitePeople {
  constructor(
    private readonly transaction: Transaction,
    private readonly contexts: InviteContextLoader,
    private readonly writeInvites: WriteInvites,
    private readonly accounts: InvitedAccounts,
    private readonly outcomes: InviteOutcomes,
    private readonly audit: AuditTrail,
  ) {}

  /** One outcome per row, in row order. A malformed batch is refused, but only after its other rows were checked. */
  async run(principal: OrgPrincipal, batch: InviteBatch): Promise<InviteOutcome[]> {
    const accounts = await this.accounts.hashPasswords(principal, batch);
    const load = () => this.contexts.load(principal, batch.rows, { ...batch, addsMembers: false });
    const invited = this.transaction.as(principal, load, async (context) => {
      assertAllowed(batch, context);
      const entryId = newId();
      const written = await this.writeInvites.run(principal, batch, context, entryId);
      await this.accounts.create(principal.orgId, accounts);
      const outcomes = await this.outcomes.list(batch, context, written);
      const resourceIds = unique(outcomes.map(({ id }) => id));
      const scope = { entryId, details: inviteFacts(written) };
      await this.audit.record(principal, batch.operation, resourceIds, scope);
      return outcomes;
    });
    return namingRows(batch, invited);
  }
}

/** @throws the refusal of the batch, or AlreadyInvitedOrMember */
export function assertAllowed(batch: InviteBatch, { facts }: InviteContext): void {
  assertNoProblems(batch, (row) => inviteProblems(row, facts));
  const existing = batch.rows.find(({ email }) => !isNewPerson(email, facts));
  if (batch.onlyNewUsers && existing) throw new AlreadyInvitedOrMember(existing.email);
}
