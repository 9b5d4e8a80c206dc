import { Injectable } from '@nestjs/common';
import type { RequestMetadata } from '../../../../common/http/request-metadata.decorator.js';
import { awaitAll } from '../../../../database/await-all.js';
import { newId } from '../../../../database/new-id.js';
import type { SsoIdentity } from '../../oidc/index.js';
import { GrantAccess } from './grant-access.js';
import { SignInAccounts } from './sign-in-accounts.js';
import { SignInAudit } from './sign-in-audit.js';
import type { SignInContext } from './sign-in-context-loader.js';
import type { SignInDecision, SignInRefusalReason } from './sign-in-decision.js';

/** Runs in the transaction of the sign-in, so the user cannot be removed before the session is opened. */
export type StartSession = (userId: string) => Promise<StartedSession>;

export type StartedSession = { readonly setCookie: string };

export type SignInAttempt = {
  readonly identity: SsoIdentity;
  readonly request: RequestMetadata;
  readonly startSession: StartSession;
};

export type DecidedSignIn = SignInAttempt & {
  readonly context: SignInContext;
  readonly decision: SignInDecision;
};

export type SignInOutcome = { readonly session: StartedSession } | { readonly refusal: SignInRefusalReason };

/** Writes what was decided: account, access, session and audit entry, or the entry of a refusal. */
@Injectable()
export class ApplySignIn {
  constructor(
    private readonly accounts: SignInAccounts,
    private readonly grantAccess: GrantAccess,
    private readonly audit: SignInAudit,
  ) {}

  /** The caller must hold the roster lock, under which the sign-in was decided. */
  async run({ identity, request, startSession, context, decision }: DecidedSignIn): Promise<SignInOutcome> {
    const auditEntryId = newId();
    if ('refusal' in decision) {
      const revoked = await this.grantAccess.revokeGroupAccess(decision, context, auditEntryId);
      await this.audit.recordRefusal({ request, auditEntryId }, { ...decision, revoked }, context);
      return decision;
    }
    const { rule, account } = decision;
    const userId = await this.accounts.ensureUser(identity, context.person);
    const [, granted, session] = await awaitAll([
      this.accounts.updateAccount(userId, identity, { account, person: context.person }),
      this.grantAccess.run(rule, { userId, auditEntryId }, context),
      startSession(userId),
    ]);
    await this.audit.recordSuccess({ userId, request, auditEntryId }, { rule, account, granted }, context);
    return { session };
  }
}
