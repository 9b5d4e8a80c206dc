import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type RequestMetadata, requestMetadata } from '../../../../common/http/request-metadata.decorator.js';
import { newId } from '../../../../database/statements/new-id.js';
import { awaitAll } from '../../../../database/transactions/unit-of-work.js';
import { ConcurrentChange } from '../../../../database/transactions/constraint-violation.errors.js';
import { Transaction } from '../../../../database/transactions/transaction.js';
import { type AuditDetails, AuditTrail } from '../../../audit/index.js';
import type { EndedAccess } from '../../../members/index.js';
import { OpenSsoSession } from '../../../sessions/index.js';
import { EmailAlreadyInUse, LoginAlreadyInUse } from '../../../users/index.js';
import type { SsoLogin } from '../../oidc/index.js';
import type { SignInRequirement } from '../../../orgs/index.js';
import { GrantAccess } from './grant-access.js';
import { SignInAccounts } from './sign-in-accounts.js';
import { type SignInContext, SignInContextLoader } from './sign-in-context-loader.js';
import { decideSignIn, type SignInDecision, type SignInRefusalReason } from './sign-in-decision.js';
import { AccountCreatedConcurrently, DefaultOrgMoved, SignInRefused } from './sign-in.errors.js';

type StartedSession = { readonly setCookie: string };
type SignInOutcome =
  | { readonly session: StartedSession }
  | { readonly refusal: SignInRefusalReason; readonly endedAccess: EndedAccess | null };

/** `id`: of the audit entry, which memberships of this sign-in refer to. */
type Entry = { readonly id: string; readonly request: RequestMetadata };

/**
 * Account, access to the default organization and session, decided under its roster lock, so that concurrent first
 * logins create one user. Only access that groups granted is ever revoked (docs/contract/members.md#provenance).
 */
@Injectable()
export class SignIn {
  constructor(
    private readonly transaction: Transaction,
    private readonly contexts: SignInContextLoader,
    private readonly accounts: SignInAccounts,
    private readonly grantAccess: GrantAccess,
    private readonly openSession: OpenSsoSession,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Each attempt is audited. `requirement` null: that of the default organization.
   *
   * @throws the errors of `sign-in.errors.ts`
   */
  async run(
    login: SsoLogin,
    request: FastifyRequest,
    requirement: SignInRequirement | null,
  ): Promise<StartedSession> {
    const attempt = () => this.attempt(login, request, requirement);
    const outcome = await attempt().catch((error: unknown) => {
      if (!isConflict(error)) throw error;
      return attempt(); // finds what the concurrent request created
    });
    if ('session' in outcome) return outcome.session;
    throw new SignInRefused(outcome);
  }

  /**
   * Commits the audit entry of a refusal, too. The session is opened under the lock, before the member can be disabled.
   */
  private async attempt(
    login: SsoLogin,
    request: FastifyRequest,
    requirement: SignInRequirement | null,
  ): Promise<SignInOutcome> {
    const { identity } = login;
    const orgId = await this.contexts.findDefaultOrgId();
    const load = () => this.contexts.load(identity, orgId, requirement);
    return this.transaction.inOrganization(orgId, load, async (context) => {
      const decision = decideSignIn(context.facts);
      const entry = { id: newId(), request: requestMetadata(request) };
      if ('refusal' in decision) {
        const revoked = await this.grantAccess.revokeGroupAccess(decision, context, entry.id);
        await this.recordRefusal(entry, { ...decision, revoked }, context);
        return { ...decision, endedAccess: context.person.endedAccess };
      }
      const { rule, account } = decision;
      const userId = await this.accounts.ensureUser(identity, context.person);
      const [, granted, session] = await awaitAll([
        this.accounts.updateAccount(userId, identity, { account, person: context.person }),
        this.grantAccess.run(rule, { userId, auditEntryId: entry.id }, context),
        this.openSession.run({ userId, login, request }),
      ]);
      await this.recordSuccess(entry, { ...decision, granted }, { userId, context });
      return { session };
    });
  }

  /**
   * In the default organization or, for users of other organizations only, in that of the oldest membership. Unlike in
   * `GrantAccess`, a disabled member counts. Entries contain ids and codes of ours, no claims.
   */
  private recordSuccess(
    { id: entryId, request }: Entry,
    { rule, account, granted }: Extract<SignInDecision, { rule: unknown }> & { granted: AuditDetails },
    { userId, context: { org, person } }: { userId: string; context: SignInContext },
  ): Promise<void> {
    const isMember = person.access !== 'none' || rule === 'invitation' || rule === 'jit';
    const orgId = isMember ? org.id : (person.oldestOrgId ?? org.id);
    const details = { method: 'sso', rule, account, ...granted };
    return this.audit.record({ userId, orgId, request }, 'login', [userId], { details, entryId });
  }

  /** `account_id` is the account with that login or e-mail, or null. */
  private async recordRefusal(
    { id: entryId, request }: Entry,
    { refusal, revoked }: { refusal: SignInRefusalReason; revoked: AuditDetails },
    { org, person: { account, user } }: SignInContext,
  ): Promise<void> {
    const details = { method: 'sso', refusal, account, account_id: user?.id ?? null, ...revoked };
    await this.audit.recordRefusal({ userId: null, orgId: org.id, request }, 'login', 403, {
      details,
      entryId,
    });
  }
}

/** Races that the roster lock does not prevent. */
const CONFLICTS = [
  ConcurrentChange,
  DefaultOrgMoved,
  AccountCreatedConcurrently,
  LoginAlreadyInUse,
  EmailAlreadyInUse,
];
const isConflict = (error: unknown) => CONFLICTS.some((race) => error instanceof race);
