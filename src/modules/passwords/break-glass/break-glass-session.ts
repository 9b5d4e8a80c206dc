import { Injectable, Logger } from '@nestjs/common';
import type { DomainError } from '../../../common/errors/domain-error.js';
import type { RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { Transaction } from '../../../database/transaction.js';
import { type AuditDetails, AuditTrail } from '../../audit/index.js';
import { OrgsService } from '../../orgs/index.js';
import { LoginAudit, SessionsService, type StartedSession } from '../../sessions/index.js';
import { BreakGlassPasswordsRepository, type OpenWindow } from './break-glass-passwords.repository.js';

const DETAILS: AuditDetails = { method: 'break-glass' };

/** Opens a session by break-glass access, with a prominent log line and audit entry. */
@Injectable()
export class BreakGlassSession {
  private readonly log = new Logger('Break-glass');

  constructor(
    private readonly passwords: BreakGlassPasswordsRepository,
    private readonly orgs: OrgsService,
    private readonly sessions: SessionsService,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
    private readonly record: LoginAudit,
  ) {}

  /** Null if the window was closed after the password was verified. */
  async start(window: OpenWindow, request: RequestMetadata): Promise<StartedSession | null> {
    const { userId, expiresAt } = window;
    const orgId = (await this.orgs.getDefault()).id;
    const session = await this.transaction.run(async () => {
      if (!(await this.passwords.lockUnchanged(window))) return null;
      await this.audit.record({ userId, orgId, request }, 'login', [userId], { details: DETAILS });
      return this.sessions.startBreakGlass(userId, request, expiresAt);
    });
    const where = `from ${request.clientHost ?? 'an unknown address'}`;
    if (session)
      this.log.warn(`USED ${where}, by user ${userId}; the session ends at ${expiresAt.toISOString()}`);
    return session;
  }

  /** Writes the log line and the audit entry of a refused login. */
  async recordRefusal({ userId }: OpenWindow, request: RequestMetadata, error: DomainError): Promise<void> {
    const orgId = (await this.orgs.getDefault()).id;
    this.log.warn(`a login ${request.clientHost ? `from ${request.clientHost} ` : ''}was refused`);
    const details = { ...DETAILS, account_id: userId };
    await this.record.recordRefusal({ userId: null, orgId, request }, error, details);
  }
}
