import { Injectable } from '@nestjs/common';
import type { RequestMetadata } from '../../common/http/request-metadata.decorator.js';
import { Config } from '../../config/config.js';
import { newId } from '../../database/new-id.js';
import { SessionToken } from './session-token.js';
import { type NewSession, SessionsRepository, type SessionTimes } from './sessions.repository.js';

/** The sign-in that opens a session. */
export type SessionOrigin = Pick<RequestMetadata, 'userAgent' | 'clientHost'>;
export type StartedSession = SessionTimes & { readonly token: string };

/** Password sessions. The caller has authenticated the user and opens the transaction. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly token: SessionToken,
    private readonly config: Config,
  ) {}

  /** Starts a password session. */
  start(userId: string, origin: SessionOrigin | null): Promise<StartedSession> {
    return this.create({ userId, method: 'password', ...columnsOf(origin) }, null);
  }

  /** The same for break-glass access; the session ends with its window at the latest. */
  startBreakGlass(userId: string, origin: SessionOrigin, notAfter: Date): Promise<StartedSession> {
    return this.create({ userId, method: 'break-glass', ...columnsOf(origin) }, notAfter);
  }

  async endBreakGlassOf(userId: string): Promise<void> {
    await this.sessions.removeBreakGlassOf(userId);
  }

  /** Takes effect on every replica with the next request. `exceptId`: a session to keep. */
  async endAllOf(userIds: readonly string[], exceptId: string | null = null): Promise<void> {
    if (userIds.length > 0) await this.sessions.removeAllOf(userIds, exceptId);
  }

  private async create(fields: Omit<NewSession, 'id'>, notAfter: Date | null): Promise<StartedSession> {
    const session = { ...fields, id: newId() };
    const { sessionSeconds: seconds } = this.config.basicAuth;
    const times = await this.sessions.insert(session, { seconds, notAfter });
    return { ...times, token: this.token.sign({ ...session, ...times }) };
  }
}

const columnsOf = (origin: SessionOrigin | null): SessionOrigin => ({
  userAgent: origin?.userAgent ?? null,
  clientHost: origin?.clientHost ?? null,
});
