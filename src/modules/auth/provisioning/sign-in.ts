import { Injectable } from '@nestjs/common';
import type { RequestFacts } from '../../../common/http/request-facts.js';
import { Transaction } from '../../../database/transaction.js';
import { OrgsService } from '../../orgs/index.js';
import { EmailBelongsToSomebody, LoginBelongsToSomebody } from '../../users/index.js';
import type { SsoIdentity } from '../sso/sso-identity.js';
import { GiveAccess } from './give-access.js';
import { SignInAccounts } from './sign-in-accounts.js';
import { SignInCensus, type SignInSituation } from './sign-in-census.js';
import { decideSignIn, type SignInRefusalReason, type SignInRule } from './sign-in-decision.js';
import { AccountAppeared, REFUSALS } from './sign-in.errors.js';
import { SignInRecord } from './sign-in-record.js';

type SignedIn = { userId: string; rule: SignInRule };
type Outcome = SignedIn | { refusal: SignInRefusalReason; situation: SignInSituation };

/**
 * What somebody gets who has proved at the identity provider who he is: his account and, on the way, what the rules give
 * him in the default organization. One decision at a time there, so that fifty first logins at once make one person. It
 * only ever adds, but for what groups had given (contract decision 33).
 */
@Injectable()
export class SignIn {
  constructor(
    private readonly transaction: Transaction,
    private readonly orgs: OrgsService,
    private readonly census: SignInCensus,
    private readonly accounts: SignInAccounts,
    private readonly access: GiveAccess,
    private readonly record: SignInRecord,
  ) {}

  /** Throws the errors of `sign-in.errors.ts`; each attempt leaves a row in the audit log that explains it. */
  async run(identity: SsoIdentity, request: RequestFacts): Promise<SignedIn> {
    const outcome = await this.attempt(identity, request).catch((error: unknown) => {
      if (!isRace(error)) throw error;
      return this.attempt(identity, request); // whoever was first is found now
    });
    if (!('refusal' in outcome)) return outcome;
    await this.record.refusal(request, outcome.refusal, outcome.situation);
    throw new REFUSALS[outcome.refusal]();
  }

  private async attempt(identity: SsoIdentity, request: RequestFacts): Promise<Outcome> {
    const { id: orgId } = await this.orgs.getDefault();
    return this.transaction.runInOrg(orgId, async () => {
      const situation = await this.census.take(identity, await this.orgs.get(orgId));
      const decision = decideSignIn(situation.facts);
      if ('refusal' in decision) return { ...decision, situation };
      const { rule, account } = decision;
      const userId = await this.accounts.settle(identity, account, situation.person);
      const given = await this.access.run(rule, userId, situation);
      await this.record.success({ userId, request }, { rule, account, given }, situation);
      return { userId, rule };
    });
  }
}

/** Accounts and logins are made under other locks too. */
const RACES = [AccountAppeared, LoginBelongsToSomebody, EmailBelongsToSomebody];
const isRace = (error: unknown) => RACES.some((race) => error instanceof race);
