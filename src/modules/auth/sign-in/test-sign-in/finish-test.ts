import { Injectable } from '@nestjs/common';
import { DomainError } from '../../../../common/errors/domain-error.js';
import { RateLimiter } from '../../../../database/rate-limits/rate-limiter.js';
import { BrowserSession } from '../../../sessions/index.js';
import { type Callback, RedeemCallback } from '../core/redeem-callback.js';
import { InvalidLoginState } from '../core/errors.js';
import { DescribeTest } from './describe-test.js';
import { type TestAttempt, TestAttempts } from './test-attempts.js';
import { failed, type TestOutcome } from './test-outcome.js';
import { TestSignInsRepository } from './test-sign-ins.repository.js';

/**
 * Stores the result when the browser returns from the provider. Opens no session, keeps no token, writes nothing else.
 */
@Injectable()
export class FinishTest {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly attempts: TestAttempts,
    private readonly browserSession: BrowserSession,
    private readonly tests: TestSignInsRepository,
    private readonly redeemCallback: RedeemCallback,
    private readonly describeTest: DescribeTest,
  ) {}

  /** Returns a `Set-Cookie` header value. @throws TooManyRequests or InvalidLoginState */
  async run(callback: Callback): Promise<string> {
    await this.limiter.hitFrom('login return', callback.clientHost);
    const attempt = this.attempts.find(callback.cookies, callback.state);
    const orgId = await this.use(attempt, callback);
    await this.tests.finish(attempt.testId, await this.outcomeOf(attempt, callback, orgId));
    return this.attempts.serializeCleared;
  }

  /**
   * Only the session that asked, so that a crafted link reveals no user of another browser. Returns the organization.
   */
  private async use({ testId: id, sessionId }: TestAttempt, { cookies }: Callback): Promise<string> {
    if ((await this.browserSession.findId(cookies)) !== sessionId) throw new InvalidLoginState('no session');
    const used = await this.tests.use({ id, sessionId });
    if (!used) throw new InvalidLoginState('used');
    return used.orgId;
  }

  private async outcomeOf(attempt: TestAttempt, callback: Callback, orgId: string): Promise<TestOutcome> {
    try {
      const { identity } = await this.redeemCallback.run(attempt, callback);
      return await this.describeTest.run(identity, orgId, attempt.requirement);
    } catch (error) {
      if (error instanceof DomainError) return failed(error);
      throw error;
    }
  }
}
