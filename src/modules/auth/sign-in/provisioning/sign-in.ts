import { Injectable } from '@nestjs/common';
import type { RequestMetadata } from '../../../../common/http/request-metadata.decorator.js';
import { awaitAll } from '../../../../database/await-all.js';
import { ConcurrentChange } from '../../../../database/constraint-violation.errors.js';
import { newId } from '../../../../database/new-id.js';
import { Transaction } from '../../../../database/transaction.js';
import { OrgsService } from '../../../orgs/index.js';
import { EmailAlreadyInUse, LoginAlreadyInUse } from '../../../users/index.js';
import type { SsoIdentity } from '../../oidc/index.js';
import { GrantAccess } from './grant-access.js';
import { SignInAccounts } from './sign-in-accounts.js';
import { SignInContextLoader } from './sign-in-context-loader.js';
import { decideSignIn, type SignInRefusalReason } from './sign-in-decision.js';
import { AccountCreatedConcurrently, DefaultOrgMoved, REFUSALS } from './sign-in.errors.js';
import { SignInAudit } from './sign-in-audit.js';

type Outcome<T> = { result: T } | { refusal: SignInRefusalReason };

/** Runs in the transaction of the sign-in, so the user cannot be removed before the session is opened. */
type StartSession<T> = (userId: string) => Promise<T>;

/**
 * Signs in an authenticated user: account, access to the default organization, and session, decided one at a time under
 * its roster lock, so that concurrent first logins create one user. Only access that groups granted is ever revoked
 * (docs/contract/members.md#provenance).
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

  /**
   * Every attempt leaves an audit entry that names the rule.
   *
   * @throws the errors of `sign-in.errors.ts`
   */
  async run<T>(identity: SsoIdentity, request: RequestMetadata, startSession: StartSession<T>): Promise<T> {
    const outcome = await this.attempt(identity, request, startSession).catch((error: unknown) => {
      if (!isConflict(error)) throw error;
      return this.attempt(identity, request, startSession); // finds what the concurrent request created
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
    const load = () => this.contexts.load(identity, orgId);
    return this.transaction.runReadInOrg(orgId, load, async (context) => {
      if (!context.org.isDefault) throw new DefaultOrgMoved(); // it may have changed while this request waited for the lock
      const decision = decideSignIn(context.facts);
      const auditEntryId = newId();
      if ('refusal' in decision) {
        const revoked = await this.grantAccess.revokeGroupAccess(decision, context, auditEntryId);
        await this.audit.recordRefusal({ request, auditEntryId }, { ...decision, revoked }, context);
        return decision;
      }
      const { rule, account } = decision;
      const userId = await this.accounts.ensureUser(identity, context.person);
      const [, granted, result] = await awaitAll([
        this.accounts.updateAccount(userId, identity, { account, person: context.person }),
        this.grantAccess.run(rule, { userId, auditEntryId }, context),
        startSession(userId),
      ]);
      await this.audit.recordSuccess({ userId, request, auditEntryId }, { rule, account, granted }, context);
      return { result };
    });
  }
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
