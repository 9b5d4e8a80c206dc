import { Injectable } from '@nestjs/common';
import type { RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { ConcurrentChange } from '../../../database/constraint-violation.js';
import { Transaction } from '../../../database/transaction.js';
import { OrgsService } from '../../orgs/index.js';
import { EmailAlreadyInUse, LoginAlreadyInUse } from '../../users/index.js';
import type { SsoIdentity } from '../sso/sso-identity.js';
import { GrantAccess } from './grant-access.js';
import { SignInAccounts } from './sign-in-accounts.js';
import { SignInContextLoader } from './sign-in-context-loader.js';
import { decideSignIn, type SignInRefusalReason } from './sign-in-decision.js';
import { AccountCreatedConcurrently, DefaultOrgMoved, REFUSALS } from './sign-in.errors.js';
import { SignInAudit } from './sign-in-audit.js';

type Outcome<T> = { result: T } | { refusal: SignInRefusalReason };

/** What is done with who comes in: in the transaction that lets him in, so that nobody puts him out in between. */
type StartSession<T> = (userId: string) => Promise<T>;

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
    private readonly contexts: SignInContextLoader,
    private readonly accounts: SignInAccounts,
    private readonly grantAccess: GrantAccess,
    private readonly audit: SignInAudit,
  ) {}

  /** Throws the errors of `sign-in.errors.ts`; each attempt leaves a row in the audit log that explains it. */
  async run<T>(identity: SsoIdentity, request: RequestMetadata, startSession: StartSession<T>): Promise<T> {
    const outcome = await this.attempt(identity, request, startSession).catch((error: unknown) => {
      if (!isConflict(error)) throw error;
      return this.attempt(identity, request, startSession); // whoever was first is found now
    });
    if (!('refusal' in outcome)) return outcome.result;
    throw new REFUSALS[outcome.refusal]();
  }

  private async attempt<T>(
    identity: SsoIdentity,
    request: RequestMetadata,
    startSession: StartSession<T>,
  ): Promise<Outcome<T>> {
    const { id: orgId } = await this.orgs.getDefault();
    return this.transaction.runInOrg(orgId, async () => {
      const org = await this.orgs.get(orgId);
      if (!org.isDefault) throw new DefaultOrgMoved(); // while we waited for the lock
      const context = await this.contexts.load(identity, org);
      const decision = decideSignIn(context.facts);
      if ('refusal' in decision) {
        const revoked = await this.grantAccess.revokeGroupAccess(decision, context);
        await this.audit.recordRefusal(request, { ...decision, revoked }, context);
        return decision;
      }
      const { rule, account } = decision;
      const userId = await this.accounts.ensureAccount(identity, account, context.person);
      const granted = await this.grantAccess.run(rule, userId, context);
      await this.audit.recordSuccess({ userId, request }, { rule, account, granted }, context);
      return { result: await startSession(userId) };
    });
  }
}

/** Accounts and logins are made, the default moves and memberships of other organizations change under other locks. */
const CONFLICTS = [
  ConcurrentChange,
  DefaultOrgMoved,
  AccountCreatedConcurrently,
  LoginAlreadyInUse,
  EmailAlreadyInUse,
];
const isConflict = (error: unknown) => CONFLICTS.some((race) => error instanceof race);
