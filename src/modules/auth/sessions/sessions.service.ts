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

  /** The token of a new session; expired sessions of anybody are swept on the way. */
  async start(userId: string): Promise<string> {
    const createdAt = new Date();
    const expiresAt = new Date(createdAt.getTime() + this.config.basicAuth.sessionSeconds * 1000);
    const session = { id: newId(), userId, createdAt, expiresAt };
    await this.sessions.removeExpired();
    await this.sessions.insert(session);
    return this.token.sign(session);
  }

  /** On every replica from the next request on. `exceptId`: the session that asks for it. */
  async endAllOf(userId: string, exceptId: string | null = null): Promise<void> {
    await this.sessions.removeAllOf(userId, exceptId);
  }
}
