import { Injectable } from '@nestjs/common';
import type { RequestMetadata } from '../../../../common/http/request-metadata.decorator.js';
import { awaitAll } from '../../../../database/transactions/await-all.js';
import { ConcurrentChange } from '../../../../database/transactions/constraint-violation.errors.js';
import { newId } from '../../../../database/statements/new-id.js';
import { Transaction } from '../../../../database/transactions/transaction.js';
import { OrgsService } from '../../../orgs/index.js';
import { EmailAlreadyInUse, LoginAlreadyInUse } from '../../../users/index.js';
import type { SsoIdentity } from '../../oidc/index.js';
import { GrantAccess } from './grant-access.js';
import { SignInAccounts } from './sign-in-accounts.js';
import { SignInAudit } from './sign-in-audit.js';
import { SignInContextLoader } from './sign-in-context-loader.js';
import { decideSignIn, type SignInRefusalReason } from './sign-in-decision.js';
import { AccountCreatedConcurrently, DefaultOrgMoved, REFUSALS } from './sign-in.errors.js';

type StartedSession = { readonly setCookie: string };

/** Runs in the transaction of the sign-in, so the user cannot be removed before the session is opened. */
type StartSession = (userId: string) => Promise<StartedSession>;

type SignInOutcome = { readonly session: StartedSession } | { readonly refusal: SignInRefusalReason };

/**
 * Signs in an authenticated user: account, access to the default organization, and session, decided under its roster
 * lock, so that concurrent first logins create one user. Only access that groups granted is ever revoked
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
  async run(
    identity: SsoIdentity,
    request: RequestMetadata,
    startSession: StartSession,
  ): Promise<StartedSession> {
    const attempt = () => this.attempt(identity, request, startSession);
    const outcome = await attempt().catch((error: unknown) => {
      if (!isConflict(error)) throw error;
      return attempt(); // finds what the concurrent request created
    });
    if ('session' in outcome) return outcome.session;
    throw new REFUSALS[outcome.refusal]();
  }

  /** Commits the audit entry of a refusal, too. */
  private async attempt(
    identity: SsoIdentity,
    request: RequestMetadata,
    startSession: StartSession,
  ): Promise<SignInOutcome> {
    const { id: orgId } = await this.orgs.getDefault();
    const load = () => this.contexts.load(identity, orgId);
    return this.transaction.inOrganization(orgId, load, async (context) => {
      const { org, person, facts } = context;
      if (!org.isDefault) throw new DefaultOrgMoved(); // it may have changed while this request waited for the lock
      const decision = decideSignIn(facts);
      const auditEntryId = newId();
      if ('refusal' in decision) {
        const revoked = await this.grantAccess.revokeGroupAccess(decision, context, auditEntryId);
        await this.audit.recordRefusal({ request, auditEntryId }, { ...decision, revoked }, context);
        return decision;
      }
      const { rule, account } = decision;
      const userId = await this.accounts.ensureUser(identity, person);
      const [, granted, session] = await awaitAll([
        this.accounts.updateAccount(userId, identity, { account, person }),
        this.grantAccess.run(rule, { userId, auditEntryId }, context),
        startSession(userId),
      ]);
      await this.audit.recordSuccess({ userId, request, auditEntryId }, { rule, account, granted }, context);
      return { session };
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
