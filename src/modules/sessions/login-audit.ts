import { Injectable } from '@nestjs/common';
import { BatchQueue } from '../../common/background/batch-queue.js';
import { NIL_UUID } from '../../common/http/operations/value-checks.js';
import { DomainError, httpStatusOf, Unauthenticated } from '../../common/errors/domain-error.js';
import type { RequestMetadata } from '../../common/http/request-metadata.decorator.js';
import { TooManyRequests } from '../../database/rate-limits/rate-limiter.errors.js';
import { type Actor, type AuditDetails, AuditTrail, type Refusal } from '../audit/index.js';
import { OrgMembersService } from '../members/index.js';
import { UsersRepository } from '../users/index.js';

/** Replaces the id of an unknown user, so that known and unknown users take the same queries. */
export const UNKNOWN_USER_ID = NIL_UUID;

/**
 * Of the attempts over a limit, only the first of each minute is audited, so that refusing the others costs no query.
 */
export const isRecordedRefusal = (error: unknown): error is DomainError =>
  error instanceof DomainError && !(error instanceof TooManyRequests && !error.isFirst);

type Account = Pick<Actor, 'userId' | 'orgId'>;

/** A failed statement does not depend on single items, so they are not retried one by one. */
const TOGETHER = { retryEach: false };

/** Audits logins in the oldest organization of the user; for unknown users without an organization. */
@Injectable()
export class LoginAudit {
  /** Concurrent logins share one connection of the pool. */
  private readonly accounts = new BatchQueue<string, Account>(
    (emails) => this.findAccounts(emails),
    TOGETHER,
  );
  private readonly refusals = new BatchQueue<Refusal, void>(async (refusals) => {
    await this.audit.recordRefusals(refusals);
    return refusals.map(() => undefined);
  }, TOGETHER);

  constructor(
    private readonly users: UsersRepository,
    private readonly members: OrgMembersService,
    private readonly audit: AuditTrail,
  ) {}

  async findActor(userId: string | null, request: RequestMetadata): Promise<Actor> {
    const [membership] = await this.members.listOrgMemberships([userId ?? UNKNOWN_USER_ID]);
    return { userId, orgId: membership?.orgId ?? null, request };
  }

  /** The actor of a login with that canonical e-mail. Unknown users and null take the same queries. */
  async actorOf(email: string | null, request: RequestMetadata): Promise<Actor> {
    return { ...(await this.accounts.enqueue('', email ?? '')), request };
  }

  /** Must run in the transaction that opens the session. */
  async recordSuccess(actor: Actor, details: AuditDetails = {}): Promise<void> {
    await this.audit.record(actor, 'login', actor.userId ? [actor.userId] : [], { details });
  }

  /** Written before the response. Rejects if the entry cannot be written, so that no attempt goes unrecorded. */
  async recordRefusal(actor: Actor, error: DomainError, details: AuditDetails = {}): Promise<void> {
    const reason: AuditDetails = error instanceof Unauthenticated ? {} : { refused_by: error.code };
    await this.refusals.enqueue('', {
      actor,
      operation: 'login',
      responseStatus: httpStatusOf(error),
      scope: { details: { ...details, ...reason } },
    });
  }

  /** Must run in the transaction that consumes the token of the mail. */
  async recordEmailConfirmation(userId: string, request: RequestMetadata): Promise<void> {
    await this.audit.record(await this.findActor(userId, request), 'confirm_sso_user_email', [userId]);
  }

  /**
   * In the transaction that ends the session. The published operations have no logout. `sessions`: of a list, how many.
   */
  async recordLogout(
    userId: string,
    request: RequestMetadata,
    endedBy: 'person' | 'provider',
    sessions: number | null = null,
  ): Promise<void> {
    const details = { event: 'logout', ended_by: endedBy, ...(sessions === null ? {} : { sessions }) };
    await this.audit.record(await this.findActor(userId, request), 'login', [userId], { details });
  }

  private async findAccounts(emails: readonly string[]): Promise<Account[]> {
    const users = await this.users.findByEmails(emails);
    const ids = [...users.values()].map(({ id }) => id);
    const memberships = await this.members.listOrgMemberships(ids.length > 0 ? ids : [UNKNOWN_USER_ID]);
    return emails.map((email) => {
      const userId = users.get(email)?.id ?? null;
      return { userId, orgId: memberships.find((one) => one.userId === userId)?.orgId ?? null };
    });
  }
}
