import { Injectable, Logger } from '@nestjs/common';
import type { DomainError } from '../../../common/errors/domain-error.js';
import type { RequestFacts } from '../../../common/http/request-facts.js';
import { Transaction } from '../../../database/transaction.js';
import { type AuditDetails, AuditTrail } from '../../audit/index.js';
import { OrgsService } from '../../orgs/index.js';
import { LoginRecord } from '../login-record.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { BreakGlassPasswordsRepository, type OpenWindow } from './break-glass-passwords.repository.js';

const HOW: AuditDetails = { method: 'break-glass' };

/** The session that begins when the glass is broken; nobody can overlook it, in the log or in the audit log. */
@Injectable()
export class BreakGlassEntry {
  private readonly log = new Logger('Break-glass');

  constructor(
    private readonly passwords: BreakGlassPasswordsRepository,
    private readonly orgs: OrgsService,
    private readonly sessions: SessionsService,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
    private readonly record: LoginRecord,
  ) {}

  /** Null when the window was shut since the password was proved. */
  async admit(open: OpenWindow, request: RequestFacts): Promise<string | null> {
    const { userId, expiresAt } = open;
    const orgId = (await this.orgs.getDefault()).id;
    const token = await this.transaction.run(async () => {
      if (!(await this.passwords.lockUnchanged(open))) return null;
      await this.audit.record({ userId, orgId, request }, 'login', [userId], { details: HOW });
      return this.sessions.startBreakGlass(userId, expiresAt);
    });
    const where = `from ${request.clientHost ?? 'an unknown address'}`;
    if (token)
      this.log.warn(`USED ${where}, by user ${userId}; the session ends at ${expiresAt.toISOString()}`);
    return token;
  }

  /** Log line and audit row of a login that was refused. */
  async refuse({ userId }: OpenWindow, request: RequestFacts, error: DomainError): Promise<void> {
    const orgId = (await this.orgs.getDefault()).id;
    this.log.warn(`a login ${request.clientHost ? `from ${request.clientHost} ` : ''}was refused`);
    const details = { ...HOW, account_id: userId };
    await this.record.refusal({ userId: null, orgId, request }, error, details);
  }
}
