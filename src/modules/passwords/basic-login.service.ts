import { Injectable } from '@nestjs/common';
import { canonicalEmailOrNull } from '../../common/email/canonical-email.js';
import type { LoginLane } from '../../common/secrets/password-hasher.js';
import type { RequestMetadata } from '../../common/http/request-metadata.decorator.js';
import { Transaction } from '../../database/transaction.js';
import type { Actor } from '../audit/index.js';
import {
  SessionsService,
  type StartedSession,
  isRecordedRefusal,
  LoginAudit,
  UNKNOWN_USER_ID,
} from '../sessions/index.js';
import { InvalidLogin } from './core/errors.js';
import type { LoginCredentials } from './core/login-credentials.js';
import { LoginThrottle } from './core/login-throttle.js';
import type { PasswordDigest } from './core/passwords.repository.js';
import { PasswordsService } from './core/passwords.service.js';

/** Logs in with e-mail and password. */
@Injectable()
export class BasicLoginService {
  constructor(
    private readonly throttle: LoginThrottle,
    private readonly passwords: PasswordsService,
    private readonly sessions: SessionsService,
    private readonly transaction: Transaction,
    private readonly record: LoginAudit,
  ) {}

  /**
   * Starts a session. Null (malformed) credentials are refused like wrong ones; known and unknown users cost the
   * same work until the password is verified (docs/contract/passwords.md#login).
   *
   * @throws TooManyRequests, InvalidLogin, PasswordHashingBusy or PasswordHashingOverloaded
   */
  async logIn(credentials: LoginCredentials | null, request: RequestMetadata): Promise<StartedSession> {
    const email = canonicalEmailOrNull(credentials?.email ?? '');
    let actor: Actor | null = null;
    try {
      const admitted = await this.throttle.admit(request.clientHost, email);
      actor = await this.record.actorOf(email, request);
      const session = await this.prove(actor, credentials?.password ?? '', admitted.lane);
      await this.throttle.succeeded(admitted);
      return session;
    } catch (error) {
      if (isRecordedRefusal(error))
        await this.record.recordRefusal(actor ?? (await this.record.actorOf(email, request)), error);
      throw error;
    }
  }

  /**
   * Starts a session.
   *
   * @throws InvalidLogin, PasswordHashingBusy or PasswordHashingOverloaded
   */
  private async prove(actor: Actor, password: string, lane: LoginLane): Promise<StartedSession> {
    const verified = await this.passwords.verify(actor.userId ?? UNKNOWN_USER_ID, password, lane);
    const session = verified && (await this.startSession(verified, actor));
    if (!session) throw new InvalidLogin();
    return session;
  }

  /** Null if the password was changed after it was verified. */
  private startSession(verified: PasswordDigest, actor: Actor): Promise<StartedSession | null> {
    return this.transaction.run(async () => {
      if (!(await this.passwords.lockIfUnchanged(verified))) return null;
      await this.record.recordSuccess(actor);
      return this.sessions.start(verified.userId, actor.request);
    });
  }
}
