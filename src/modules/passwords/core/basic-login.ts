import { Injectable } from '@nestjs/common';
import type { RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import type { LoginLane } from '../../../common/secrets/password-hasher.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import type { Actor } from '../../audit/index.js';
import { LoginAudit, SessionsService, type StartedSession, UNKNOWN_USER_ID } from '../../sessions/index.js';
import type { LoginAttempt } from './login-credentials.js';
import { PasswordsService } from './passwords.service.js';

@Injectable()
export class BasicLogin {
  constructor(
    private readonly passwords: PasswordsService,
    private readonly sessions: SessionsService,
    private readonly transaction: Transaction,
    private readonly record: LoginAudit,
  ) {}

  /** Known and unknown users cost the same work until the password is verified (docs/contract/passwords.md#login). */
  begin(email: string | null, request: RequestMetadata): LoginAttempt {
    let actor: Promise<Actor> | null = null;
    const findActor = () => (actor ??= this.record.actorOf(email, request));
    return {
      start: async (password, lane) => this.start(await findActor(), password, lane),
      recordRefusal: async (error) => this.record.recordRefusal(await findActor(), error),
    };
  }

  /** Null also if the password was changed after it was verified. */
  private async start(actor: Actor, password: string, lane: LoginLane): Promise<StartedSession | null> {
    const verified = await this.passwords.verify(actor.userId ?? UNKNOWN_USER_ID, password, lane);
    if (!verified) return null;
    return this.transaction.run(async () => {
      if (!(await this.passwords.lockIfUnchanged(verified))) return null;
      await this.record.recordSuccess(actor);
      return this.sessions.start(verified.userId, actor.request);
    });
  }
}
