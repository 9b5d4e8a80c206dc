import { Injectable } from '@nestjs/common';
import { canonicalEmailOrNull } from '../../../common/email/canonical-email.js';
import type { RequestFacts } from '../../../common/http/request-facts.js';
import { Transaction } from '../../../database/transaction.js';
import type { Actor } from '../../audit/index.js';
import { UsersService } from '../../users/index.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { LoginRefused } from './basic.errors.js';
import type { LoginCredentials } from './login-credentials.js';
import { LoginRecord, NOBODY } from '../login-record.js';
import { LoginThrottle } from '../login-throttle.js';
import type { PasswordDigest } from './passwords.repository.js';
import { PasswordsService } from './passwords.service.js';

/** A login with e-mail and password → a session. */
@Injectable()
export class BasicLoginService {
  constructor(
    private readonly throttle: LoginThrottle,
    private readonly users: UsersService,
    private readonly passwords: PasswordsService,
    private readonly sessions: SessionsService,
    private readonly transaction: Transaction,
    private readonly record: LoginRecord,
  ) {}

  /**
   * A session token. Null credentials are malformed ones; they are refused like wrong ones. Until the password is
   * verified, known and unknown people cost the same work (contract decision 1).
   */
  async logIn(credentials: LoginCredentials | null, request: RequestFacts): Promise<string> {
    const email = canonicalEmailOrNull(credentials?.email ?? '');
    await this.throttle.hit(request.clientHost, email);
    const user = email ? await this.users.findByEmail(email) : null;
    const actor = await this.record.actor(user?.id ?? null, request);
    const proof = await this.passwords.prove(user?.id ?? NOBODY, credentials?.password ?? '');
    const token = user && proof && (await this.startSession(proof, actor));
    if (token) return token;
    await this.record.refusal(actor);
    throw new LoginRefused();
  }

  /** Null when the password was changed since it was proved. */
  private startSession(proof: PasswordDigest, actor: Actor): Promise<string | null> {
    return this.transaction.run(async () => {
      if (!(await this.passwords.stillHolds(proof))) return null;
      await this.record.success(actor);
      return this.sessions.start(proof.userId);
    });
  }
}
