import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { required } from '../../../../common/collections.js';
import { RateLimiter } from '../../../../database/rate-limits/rate-limiter.js';
import { newId } from '../../../../database/statements/new-id.js';
import { Transaction } from '../../../../database/transactions/transaction.js';
import { AuditTrail } from '../../../audit/index.js';
import { OrgsRepository, type RequirementChanges, withChanges } from '../../../orgs/index.js';
import { NotTheDefaultOrg, TestSignInNotFound } from '../core/errors.js';
import { TestAttempts } from './test-attempts.js';
import { type TestOutcome, WAITING } from './test-outcome.js';
import { TestSignInsRepository } from './test-sign-ins.repository.js';

const PER_MINUTE = 10; // of one user

type StartedTest = {
  readonly id: string;
  /** Null: the test has failed already. */
  readonly url: string | null;
  readonly expiresAt: Date;
  readonly setCookie: string;
};

type ReadTest = { readonly expiresAt: Date; readonly outcome: TestOutcome };

@Injectable()
export class TestSignInsService {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly orgs: OrgsRepository,
    private readonly attempts: TestAttempts,
    private readonly tests: TestSignInsRepository,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /** `changes`: to the required sign-in, for this test. @throws SsoDisabled, TooManyRequests or NotTheDefaultOrg */
  async start(principal: OrgPrincipal, changes: RequirementChanges): Promise<StartedTest> {
    const { orgId, credential, userId } = principal;
    this.attempts.assertEnabled();
    await this.limiter.hit('test sign-ins of', required(userId, 'the user of a session'), PER_MINUTE);
    const org = await this.orgs.get(orgId);
    if (!org.isDefault) throw new NotTheDefaultOrg();
    const [id, sessionId] = [newId(), credential.id];
    const { url, outcome, setCookie } = await this.attempts.start({
      testId: id,
      sessionId,
      requirement: withChanges(org, changes),
    });
    const { expiresAt } = await this.transaction.as(principal, async () => {
      const started = await this.tests.insert({ id, sessionId, orgId }, outcome);
      const details = { test_sign_in: outcome === null ? 'started' : 'failed' };
      await this.audit.record(principal, 'get_sso_settings_current', [id], { details });
      return started;
    });
    return { id, url, expiresAt, setCookie };
  }
  /** Removes the result. @throws TestSignInNotFound */
  async read({ credential, orgId }: OrgPrincipal, id: string): Promise<ReadTest> {
    const test = await this.tests.read({ id, sessionId: credential.id, orgId });
    if (!test) throw new TestSignInNotFound();
    return { expiresAt: test.expiresAt, outcome: test.outcome ?? WAITING };
  }
}
