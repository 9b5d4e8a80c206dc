import { Injectable } from '@nestjs/common';
import type { UserPrincipal } from '../../common/access/principal.js';
import { Config } from '../../config/config.js';
import { Transaction } from '../../database/transaction.js';
import { LoginAudit } from './login-audit.js';
import { SessionNotFound } from './errors.js';
import { OwnSessionsRepository, type OwnSessionRow } from './own-sessions.repository.js';

const MAX_LISTED = 100;

/** The sessions of the signed-in user (docs/contract/sign-in.md#own-sessions). */
@Injectable()
export class OwnSessionsService {
  constructor(
    private readonly sessions: OwnSessionsRepository,
    private readonly transaction: Transaction,
    private readonly audit: LoginAudit,
    private readonly config: Config,
  ) {}

  /** The current session first, then the most recently used ones; at most 100. */
  list({ userId, credential }: UserPrincipal): Promise<OwnSessionRow[]> {
    const exceptMethod = this.config.sso ? 'password' : 'sso'; // not valid (docs/decisions/0012)
    return this.sessions.list(userId, { currentId: credential.id, exceptMethod, limit: MAX_LISTED });
  }

  /** @throws SessionNotFound */
  end({ userId, request }: UserPrincipal, sessionId: string): Promise<void> {
    return this.transaction.run(async () => {
      if (!(await this.sessions.remove(userId, sessionId))) throw new SessionNotFound();
      await this.audit.recordLogout(userId, request, 'person', 1);
    });
  }

  /** Ends all sessions, the current one included. */
  endAll({ userId, request }: UserPrincipal): Promise<void> {
    return this.transaction.run(async () => {
      const count = await this.sessions.removeAll(userId);
      await this.audit.recordLogout(userId, request, 'person', count);
    });
  }
}
