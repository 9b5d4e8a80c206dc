import { Injectable } from '@nestjs/common';
import { SecretBox } from '../../../../common/secrets/secret-box.js';
import { Config } from '../../../../config/config.js';
import { RemovalJob } from '../../../../database/jobs/removal.job.js';
import { sweep } from '../../../../database/jobs/sweep.statements.js';
import { named, Sql } from '../../../../database/transactions/sql.js';
import type { TestSignIn } from '../core/entities.js';
import type { TestOutcome } from './test-outcome.js';

export const TEST_SECONDS = 600;

type TestOfSession = Pick<TestSignIn, 'id' | 'sessionId'>;
type TestOfOrg = Pick<TestSignIn, 'id' | 'sessionId' | 'orgId'>;

/** `outcome` is null until the browser has returned from the provider. */
type ReadTest = { readonly expiresAt: Date; readonly outcome: TestOutcome | null };

const INSERT = named('test_sign_ins_insert')`
  insert into test_sign_ins (id, session_id, org_id, sealed_result, expires_at)
  values ($1, $2, $3, $4, now() + make_interval(secs => $5))
  returning expires_at as "expiresAt"`;

/** Of concurrent returns, one gets the row. The session exists, since the row goes with it. */
const USE = named('test_sign_ins_use')`
  update test_sign_ins set returned_at = now()
  where id = $1 and session_id = $2 and returned_at is null and sealed_result is null and expires_at > now()
  returning org_id as "orgId"`;

const FINISH = named('test_sign_ins_finish')`update test_sign_ins set sealed_result = $2 where id = $1`;

/** Of concurrent requests, one gets the result. */
const READ = named('test_sign_ins_read')`
  with taken as (
    delete from test_sign_ins
    where id = $1 and session_id = $2 and org_id = $3 and expires_at > now() and sealed_result is not null
    returning expires_at, sealed_result)
  select expires_at as "expiresAt", sealed_result as "sealedResult" from taken
  union all
  select expires_at, null from test_sign_ins
  where id = $1 and session_id = $2 and org_id = $3 and expires_at > now() and sealed_result is null`;

@Injectable()
export class TestSignInsRepository {
  private readonly secretBox: SecretBox;

  constructor(
    private readonly sql: Sql,
    { apiKeys }: Config,
    removals: RemovalJob,
  ) {
    this.secretBox = new SecretBox(apiKeys.salt, 'test sign-in result');
    removals.addSweep('test sign-ins', sweep('test_sign_ins', { key: 'id' }));
  }

  /** `outcome`: of a test that has ended before the browser could be sent to the provider. */
  insert({ id, sessionId, orgId }: TestOfOrg, outcome: TestOutcome | null): Promise<{ expiresAt: Date }> {
    return this.sql.one(INSERT, [id, sessionId, orgId, outcome && this.seal(outcome), TEST_SECONDS]);
  }

  /** Null if the test was used before, has expired, or its session has ended. */
  use({ id, sessionId }: TestOfSession): Promise<{ orgId: string } | null> {
    return this.sql.row(USE, [id, sessionId]);
  }

  async finish(id: string, outcome: TestOutcome): Promise<void> {
    await this.sql.affected(FINISH, [id, this.seal(outcome)]);
  }

  /** Removes a test that has a result. Null if the session has no such test. */
  async read({ id, sessionId, orgId }: TestOfOrg): Promise<ReadTest | null> {
    const row = await this.sql.row<{ expiresAt: Date; sealedResult: string | null }>(READ, [
      id,
      sessionId,
      orgId,
    ]);
    return row && { expiresAt: row.expiresAt, outcome: this.open(row.sealedResult) };
  }

  private seal(outcome: TestOutcome): string {
    return this.secretBox.encrypt(JSON.stringify(outcome));
  }

  private open(sealed: string | null): TestOutcome | null {
    const text = sealed === null ? null : this.secretBox.decrypt(sealed);
    return text === null ? null : (JSON.parse(text) as TestOutcome);
  }
}
