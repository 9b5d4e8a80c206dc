import { Injectable } from '@nestjs/common';
import { Config } from '../../../config/config.js';
import { newId } from '../../../database/new-id.js';
import { SessionToken } from './session-token.js';
import { SessionsRepository } from './sessions.repository.js';

/** Who is signed in. Callers have proved who the person is, and open the transaction. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly token: SessionToken,
    private readonly config: Config,
  ) {}

  /** The token of a new session by password; expired sessions of anybody are swept on the way. */
  start(userId: string): Promise<string> {
    return this.create({ userId, expiresAt: this.latestEnd() });
  }

  /** The same for who came in beside single sign-on, and at most until the glass is whole again. */
  startBreakGlass(userId: string, notAfter: Date): Promise<string> {
    const expiresAt = new Date(Math.min(notAfter.getTime(), this.latestEnd().getTime()));
    return this.create({ userId, expiresAt, method: 'break-glass' });
  }

  async endBreakGlassOf(userId: string): Promise<void> {
    await this.sessions.removeBreakGlassOf(userId);
  }

  /** On every replica from the next request on. `exceptId`: the session that asks for it. */
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
