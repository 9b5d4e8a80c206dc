import { Injectable } from '@nestjs/common';
import type { RequestFacts } from '../../../common/http/request-facts.js';
import { ConcurrentChange } from '../../../database/constraint-violation.js';
import { Transaction } from '../../../database/transaction.js';
import { OrgsService } from '../../orgs/index.js';
import { EmailBelongsToSomebody, LoginBelongsToSomebody } from '../../users/index.js';
import type { SsoIdentity } from '../sso/sso-identity.js';
import { GiveAccess } from './give-access.js';
import { SignInAccounts } from './sign-in-accounts.js';
import { SignInCensus } from './sign-in-census.js';
import { decideSignIn, type SignInRefusalReason } from './sign-in-decision.js';
import { AccountAppeared, DefaultOrgMoved, REFUSALS } from './sign-in.errors.js';
import { SignInRecord } from './sign-in-record.js';

type Outcome<T> = { entered: T } | { refusal: SignInRefusalReason };

/** What is done with who comes in: in the transaction that lets him in, so that nobody puts him out in between. */
type Enter<T> = (userId: string) => Promise<T>;

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
  async run<T>(identity: SsoIdentity, request: RequestFacts, enter: Enter<T>): Promise<T> {
    const outcome = await this.attempt(identity, request, enter).catch((error: unknown) => {
      if (!isRace(error)) throw error;
      return this.attempt(identity, request, enter); // whoever was first is found now
    });
    if (!('refusal' in outcome)) return outcome.entered;
    throw new REFUSALS[outcome.refusal]();
  }

  private async attempt<T>(
    identity: SsoIdentity,
    request: RequestFacts,
    enter: Enter<T>,
  ): Promise<Outcome<T>> {
    const { id: orgId } = await this.orgs.getDefault();
    return this.transaction.runInOrg(orgId, async () => {
      const org = await this.orgs.get(orgId);
      if (!org.isDefault) throw new DefaultOrgMoved(); // while we waited for the lock
      const situation = await this.census.take(identity, org);
      const decision = decideSignIn(situation.facts);
      if ('refusal' in decision) {
        const taken = await this.access.takeBack(decision, situation);
        await this.record.refusal(request, { ...decision, taken }, situation);
        return decision;
      }
      const { rule, account } = decision;
      const userId = await this.accounts.settle(identity, account, situation.person);
      const given = await this.access.run(rule, userId, situation);
      await this.record.success({ userId, request }, { rule, account, given }, situation);
      return { entered: await enter(userId) };
    });
  }
}

/** Accounts and logins are made, the default moves and memberships of other organizations change under other locks. */
const RACES = [
  ConcurrentChange,
  DefaultOrgMoved,
  AccountAppeared,
  LoginBelongsToSomebody,
  EmailBelongsToSomebody,
];
const isRace = (error: unknown) => RACES.some((race) => error instanceof race);
