import { Injectable } from '@nestjs/common';
import { BatchQueue } from '../../../../common/background/batch-queue.js';
import { first, unique, zip } from '../../../../common/collections.js';
import type { RequestMetadata } from '../../../../common/http/request-metadata.decorator.js';
import { awaitAll } from '../../../../database/await-all.js';
import { ConcurrentChange } from '../../../../database/constraint-violation.errors.js';
import { Transaction } from '../../../../database/transaction.js';
import { Seats } from '../../../invitations/index.js';
import { OrgsService } from '../../../orgs/index.js';
import { EmailAlreadyInUse, LoginAlreadyInUse } from '../../../users/index.js';
import type { SsoIdentity } from '../../oidc/index.js';
import {
  ApplySignIn,
  type DecidedSignIn,
  type SignInAttempt,
  type SignInOutcome,
  type StartedSession,
  type StartSession,
} from './apply-sign-in.js';
import { type SignInContext, SignInContextLoader } from './sign-in-context-loader.js';
import { decideSignIn } from './sign-in-decision.js';
import { AccountCreatedConcurrently, DefaultOrgMoved, REFUSALS } from './sign-in.errors.js';

/**
 * Signs in an authenticated user: account, access to the default organization, and session, decided under its roster
 * lock, so that concurrent first logins create one user. Only access that groups granted is ever revoked
 * (docs/contract/members.md#provenance). Sign-ins that arrive while others hold the lock share the next transaction,
 * each with its own outcome (docs/decisions/0086); if that fails, each of them is tried alone.
 */
@Injectable()
export class SignIn {
  private readonly attempts: BatchQueue<SignInAttempt, SignInOutcome>;

  constructor(
    private readonly transaction: Transaction,
    private readonly orgs: OrgsService,
    private readonly contexts: SignInContextLoader,
    private readonly seats: Seats,
    private readonly applySignIn: ApplySignIn,
  ) {
    this.attempts = new BatchQueue((attempts) => this.runTogether(attempts), { inTraceOfFirst: true });
  }

  /**
   * Every attempt leaves an audit entry that names the rule.
   *
   * @throws the errors of `sign-in.errors.ts`
   */
  async run(
    identity: SsoIdentity,
    request: RequestMetadata,
    startSession: StartSession,
  ): Promise<StartedSession> {
    const attempt = { identity, request, startSession };
    const outcome = await this.attempts.enqueue('', attempt).catch((error: unknown) => {
      if (!isConflict(error)) throw error;
      return this.attempts.enqueue('', attempt); // finds what the concurrent request created
    });
    if ('session' in outcome) return outcome.session;
    throw new REFUSALS[outcome.refusal]();
  }

  private async runTogether(attempts: readonly SignInAttempt[]): Promise<SignInOutcome[]> {
    const { id: orgId } = await this.orgs.getDefault();
    const identities = attempts.map(({ identity }) => identity);
    const load = () => this.contexts.loadAll(identities, orgId);
    return this.transaction.inOrganization(orgId, load, async (contexts) => {
      const { org } = first(contexts);
      if (!org.isDefault) throw new DefaultOrgMoved(); // it may have changed while this request waited for the lock
      assertDistinct(contexts);
      const decided = zip(attempts, contexts).map(([attempt, context]) => ({
        ...attempt,
        context,
        decision: decideSignIn(context.facts),
      }));
      const outcomes = await this.applyAll(decided);
      const newcomers = decided.filter(({ decision }) => 'rule' in decision && decision.rule === 'jit');
      if (newcomers.length > 1) await this.seats.assertWithinLimit(org); // each was decided without the others
      return outcomes;
    });
  }

  /** One after the other where groups decide about roles: the last admin stays one. */
  private async applyAll(decided: readonly DecidedSignIn[]): Promise<SignInOutcome[]> {
    if (decided.every(({ context }) => context.groups === null))
      return awaitAll(decided.map((one) => this.applySignIn.run(one)));
    const outcomes: SignInOutcome[] = [];
    for (const one of decided) outcomes.push(await this.applySignIn.run(one));
    return outcomes;
  }
}

/**
 * @throws ConcurrentChange if several sign-ins are of one user or address: they are decided one after the other, each
 *   with what the last one created
 */
function assertDistinct(contexts: readonly SignInContext[]): void {
  const people = contexts.flatMap(({ person: { user, email } }) => user?.id ?? email ?? []);
  if (unique(people).length < people.length)
    throw new ConcurrentChange('the same user signs in several times at once');
}

/**
 * Races that the roster lock does not prevent: accounts, logins, other organizations, and the default organization
 * itself.
 */
const CONFLICTS = [
  ConcurrentChange,
  DefaultOrgMoved,
  AccountCreatedConcurrently,
  LoginAlreadyInUse,
  EmailAlreadyInUse,
];
const isConflict = (error: unknown) => CONFLICTS.some((race) => error instanceof race);
