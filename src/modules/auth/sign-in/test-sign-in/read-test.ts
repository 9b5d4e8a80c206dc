import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { TestSignInNotFound } from './errors.js';
import { type TestOutcome, WAITING } from './test-outcome.js';
import { TestSignInsRepository } from './test-sign-ins.repository.js';

/** The result of a test, once, for the session that started it. */
@Injectable()
export class ReadTest {
  constructor(private readonly tests: TestSignInsRepository) {}

  /** @throws TestSignInNotFound */
  async run(
    { credential, orgId }: OrgPrincipal,
    id: string,
  ): Promise<{ expiresAt: Date; outcome: TestOutcome }> {
    const test = await this.tests.read({ id, sessionId: credential.id, orgId });
    if (!test) throw new TestSignInNotFound();
    return { expiresAt: test.expiresAt, outcome: test.outcome ?? WAITING };
  }
}
