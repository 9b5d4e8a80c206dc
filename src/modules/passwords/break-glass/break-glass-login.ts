import { Injectable, Logger } from '@nestjs/common';
import type { DomainError } from '../../../common/errors/domain-error.js';
import type { RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { PasswordLoginDisabled } from '../../../common/secrets/errors.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import type { AuditDetails } from '../../audit/index.js';
import { OrgsRepository } from '../../orgs/index.js';
import { LoginAudit, SessionsService, type StartedSession } from '../../sessions/index.js';
import type { LoginAttempt } from '../core/login-credentials.js';
import { BreakGlassPasswordsRepository, type OpenWindow } from './break-glass-passwords.repository.js';
import { BreakGlassWindow } from './break-glass-window.js';

const DETAILS: AuditDetails = { method: 'break-glass' };

/** Refused except for the user of an open break-glass window. Each attempt leaves a log line and an audit entry. */
@Injectable()
export class BreakGlassLogin {
  private readonly log = new Logger('Break-glass');

  constructor(
    private readonly windows: BreakGlassWindow,
    private readonly passwords: BreakGlassPasswordsRepository,
    private readonly orgs: OrgsRepository,
    private readonly sessions: SessionsService,
    private readonly transaction: Transaction,
    private readonly record: LoginAudit,
  ) {}

  /** Others get the response and timing of a wrong password. @throws PasswordLoginDisabled if no window is open */
  async begin(email: string | null, request: RequestMetadata): Promise<LoginAttempt> {
    const window = await this.windows.find();
    if (!window) throw new PasswordLoginDisabled();
    return {
      start: async (password, lane) =>
        (await this.windows.verify(window, { email, password }, lane)) ? this.start(window, request) : null,
      recordRefusal: (error) => this.recordRefusal(window, request, error),
    };
  }

  /** Null if the window was closed after the password was verified. */
  private async start(window: OpenWindow, request: RequestMetadata): Promise<StartedSession | null> {
    const { userId, expiresAt } = window;
    const orgId = (await this.orgs.getDefault()).id;
    const session = await this.transaction.run(async () => {
      if (!(await this.passwords.lockUnchanged(window))) return null;
      await this.record.recordSuccess({ userId, orgId, request }, DETAILS);
      return this.sessions.start(userId, request, expiresAt);
    });
    const where = `from ${request.clientHost ?? 'an unknown address'}`;
    if (session)
      this.log.warn(`USED ${where}, by user ${userId}; the session ends at ${expiresAt.toISOString()}`);
    return session;
  }

  private async recordRefusal(
    { userId }: OpenWindow,
    request: RequestMetadata,
    error: DomainError,
  ): Promise<void> {
    const orgId = (await this.orgs.getDefault()).id;
    this.log.warn(`a login ${request.clientHost ? `from ${request.clientHost} ` : ''}was refused`);
    const details = { ...DETAILS, account_id: userId };
    await this.record.recordRefusal({ userId: null, orgId, request }, error, details);
  }
}
