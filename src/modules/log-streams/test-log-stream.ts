import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import type { Attempt } from '../../common/outbound/attempt.js';
import { NoConnectionForTest } from '../../common/outbound/outbound.errors.js';
import { newId } from '../../database/statements/new-id.js';
import { DatabaseClock } from '../../database/transactions/database-clock.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { type AuditEntry, AuditTrail, toOcsf } from '../audit/index.js';
import { LogStreamsService } from './log-streams.service.js';
import { SendLines } from './send-lines.js';

/** Sends one line that says that it is a test; the stream itself is not affected, and may be disabled. */
@Injectable()
export class TestLogStream {
  constructor(
    private readonly streams: LogStreamsService,
    private readonly sending: SendLines,
    private readonly clock: DatabaseClock,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /** Recorded before it is sent; no connection to the database is held meanwhile. @throws LogStreamNotFound, NoConnectionForTest */
  async run(principal: OrgPrincipal, id: string): Promise<Attempt> {
    const { orgId, userId } = principal;
    const { stream, at } = await this.transaction.as(principal, async () => {
      const listed = await this.streams.get(orgId, id);
      await this.audit.record(principal, 'test_log_stream', [id]);
      return { stream: listed.stream, at: await this.clock.now() };
    });
    const line = {
      message: 'This is a test of the log stream.',
      ...toOcsf(testEntry(orgId, userId, id, at)),
    };
    const attempt = await this.sending.send(stream, [JSON.stringify(line)], null);
    if (attempt === null) throw new NoConnectionForTest();
    return attempt;
  }
}

/** In no log. */
const testEntry = (orgId: string, userId: string | null, streamId: string, at: Date): AuditEntry => ({
  id: newId(),
  position: '0',
  createdAt: at,
  orgId,
  workspaceId: null,
  operation: 'test_log_stream',
  succeeded: true,
  userId,
  credentialKind: null,
  credentialId: null,
  resourceIds: [streamId],
  requestMethod: null,
  requestPath: null,
  clientHost: null,
  clientPort: null,
  forwardedFor: null,
  responseStatus: null,
  details: { event: 'test' },
});
