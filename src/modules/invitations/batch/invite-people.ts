import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { BatchQueue } from '../../../common/background/batch-queue.js';
import { first, unique, zip } from '../../../common/collections.js';
import { newId } from '../../../database/statements/new-id.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { AlreadyInvitedOrMember } from '../core/invitations.errors.js';
import { type InviteContext, InviteContextLoader } from '../rights/invite-context-loader.js';
import { assertNoProblems, namingRows } from '../rights/invite-refusal.errors.js';
import { inviteProblems, isNewPerson } from '../rights/invite-rights.js';
import { InvitedAccounts } from './invited-accounts.js';
import { type InviteOutcome, InviteOutcomes } from './invite-outcomes.js';
import { offeredEnds } from './invitees.js';
import { type InviteBatch, inviteFacts, WriteInvites } from './write-invites.js';

/** A request with one row. */
type Call = { readonly principal: OrgPrincipal; readonly batch: InviteBatch };

type Result = { readonly outcome: InviteOutcome } | { readonly error: unknown };

/** Invites a whole batch or nothing of it, with a fixed number of statements. */
@Injectable()
export class InvitePeople {
  private readonly calls = new BatchQueue<Call, Result>((calls) => this.runTogether(calls), {
    inTraceOfFirst: true,
  });

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

  /**
   * Calls with the same credential that arrive while another one holds the roster lock share the next transaction
   * (docs/decisions/0127). If that fails, each of them is tried alone.
   */
  async runOne(principal: OrgPrincipal, batch: InviteBatch): Promise<InviteOutcome> {
    if (this.transaction.isJoined || !canShare(batch)) return first(await this.run(principal, batch));
    const result = await this.calls.enqueue(sharedKey(principal, batch), { principal, batch });
    if ('error' in result) throw result.error;
    return result.outcome;
  }

  private runTogether(calls: readonly Call[]): Promise<Result[]> {
    const { principal, batch } = first(calls);
    const load = () => this.contexts.load(principal, rowsOf(calls), { ...batch, addsMembers: false });
    return this.transaction.as(principal, load, async (context) => {
      const refusals = refusalsOf(calls, context);
      const allowed = calls.filter((call) => !refusals.has(call));
      const together = { ...batch, rows: rowsOf(allowed) };
      const written = await this.writeInvites.run(principal, together, context, newId());
      const endOf = (id: string) => new Map([...written.ends].filter(([one]) => one === id));
      const outcomes = zip(allowed, await this.outcomes.list(together, context, written));
      await this.audit.recordAll(
        outcomes.map(([{ principal: actor }, { id }]) => ({
          actor,
          operation: batch.operation,
          resourceIds: [id],
          // all of them are new: see canShare
          scope: { details: { created_invitation_ids: [id], ...offeredEnds(endOf(id)) } },
        })),
      );
      const outcomeOf = new Map(outcomes);
      return calls.map((call): Result => {
        const outcome = outcomeOf.get(call);
        return outcome ? { outcome } : { error: refusals.get(call) };
      });
    });
  }
}

/** @throws the refusal of the batch, or AlreadyInvitedOrMember */
function assertAllowed(batch: InviteBatch, { facts }: InviteContext): void {
  assertNoProblems(batch, (row) => inviteProblems(row, facts));
  const existing = batch.rows.find(({ email }) => !isNewPerson(email, facts));
  if (batch.onlyNewUsers && existing) throw new AlreadyInvitedOrMember(existing.email);
}

const rowsOf = (calls: readonly Call[]) => calls.flatMap(({ batch }) => batch.rows);

/** Accounts with passwords are created by events; a malformed request is refused. */
const canShare = ({ rows, malformed, onlyNewUsers }: InviteBatch): boolean =>
  onlyNewUsers &&
  malformed.length === 0 &&
  rows.length === 1 &&
  rows.every(({ password }) => password === null);

/** The same credential has passed the same guards, so the rights of the first call are confirmed for all. */
const sharedKey = ({ orgId, credential, workspaceId }: OrgPrincipal, { rights }: InviteBatch): string =>
  [orgId, credential.kind, credential.id, workspaceId, rights].join(' ');

/** The errors of the calls that are refused. Of several calls for the same address, the first one invites it. */
function refusalsOf(calls: readonly Call[], context: InviteContext): Map<Call, unknown> {
  const refusals = new Map<Call, unknown>();
  const invited = new Set<string>();
  for (const call of calls) {
    const { email } = first(call.batch.rows);
    try {
      assertAllowed(call.batch, context);
      if (invited.has(email)) throw new AlreadyInvitedOrMember(email);
      invited.add(email);
    } catch (error) {
      refusals.set(call, error);
    }
  }
  return refusals;
}
