import { Injectable } from '@nestjs/common';
import { canonicalEmailOrNull } from '../../../common/email/canonical-email.js';
import type { RequestFacts } from '../../../common/http/request-facts.js';
import { type LoginLane, PasswordHasher } from '../../../common/secrets/password-hasher.js';
import { PasswordsAreOff } from '../../../common/secrets/passwords-are-off.js';
import { UsersService } from '../../users/index.js';
import { LoginRefused } from '../basic/basic.errors.js';
import type { LoginCredentials } from '../basic/login-credentials.js';
import { isRecordedRefusal } from '../login-record.js';
import { LoginThrottle } from '../login-throttle.js';
import type { OpenWindow } from './break-glass-passwords.repository.js';
import { BreakGlassEntry } from './break-glass-entry.js';
import { BreakGlassWindow } from './break-glass-window.js';

/** A login with a password where people sign in at a provider: shut, but for the one person of an open window. */
@Injectable()
export class BreakGlassLogin {
  constructor(
    private readonly window: BreakGlassWindow,
    private readonly throttle: LoginThrottle,
    private readonly users: UsersService,
    private readonly hasher: PasswordHasher,
    private readonly entry: BreakGlassEntry,
  ) {}

  /** A session token. While it is open, everybody else is answered like a wrong password, in the same time. */
  async logIn(credentials: LoginCredentials | null, request: RequestFacts): Promise<string> {
    const open = await this.window.find();
    if (!open) throw new PasswordsAreOff();
    const email = canonicalEmailOrNull(credentials?.email ?? '');
    try {
      const admitted = await this.throttle.admit(request.clientHost, email);
      const isProved = await this.proves(
        open,
        { email, password: credentials?.password ?? '' },
        admitted.lane,
      );
      const token = isProved ? await this.entry.admit(open, request) : null;
      if (!token) throw new LoginRefused();
      await this.throttle.succeeded(admitted);
      return token;
    } catch (error) {
      if (isRecordedRefusal(error)) await this.entry.refuse(open, request, error);
      throw error;
    }
  }

  private async proves(
    open: OpenWindow,
    { email, password }: { email: string | null; password: string },
    lane: LoginLane,
  ): Promise<boolean> {
    const find = async () => {
      const user = email === null ? null : await this.users.findByEmail(email);
      return user?.id === open.userId ? open.digest : null;
    };
    return this.hasher.verify(find, password, lane);
  }
}
