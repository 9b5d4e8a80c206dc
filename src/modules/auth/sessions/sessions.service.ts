import { Injectable } from '@nestjs/common';
import { Config } from '../../../config/config.js';
import { newId } from '../../../database/new-id.js';
import { SessionToken } from './session-token.js';
import { SessionsRepository } from './sessions.repository.js';

/** Password sessions. The caller has authenticated the user and opens the transaction. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly token: SessionToken,
    private readonly config: Config,
  ) {}

  /** Returns the token of a new password session, and deletes expired sessions of all users. */
  start(userId: string): Promise<string> {
    return this.create({ userId, expiresAt: this.latestEnd() });
  }

  /** The same for break-glass access; the session ends with its window at the latest. */
  startBreakGlass(userId: string, notAfter: Date): Promise<string> {
    const expiresAt = new Date(Math.min(notAfter.getTime(), this.latestEnd().getTime()));
    return this.create({ userId, expiresAt, method: 'break-glass' });
  }

  async endBreakGlassOf(userId: string): Promise<void> {
    await this.sessions.removeBreakGlassOf(userId);
  }

  /** Takes effect on every replica with the next request. `exceptId`: a session to keep. */
  async endAllOf(userIds: readonly string[], exceptId: string | null = null): Promise<void> {
    if (userIds.length > 0) await this.sessions.removeAllOf(userIds, exceptId);
  }

  private async create(session: {
    userId: string;
    expiresAt: Date;
    method?: 'break-glass';
  }): Promise<string> {
    const row = { ...session, id: newId(), createdAt: new Date() };
    await this.sessions.removeExpired();
    await this.sessions.insert(row);
    return this.token.sign(row);
  }

  private latestEnd(): Date {
    return new Date(Date.now() + this.config.basicAuth.sessionSeconds * 1000);
  }
}
