import { Injectable } from '@nestjs/common';
import { canonicalEmailOrNull } from '../../../common/email/canonical-email.js';
import type { RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { type LoginLane, PasswordHasher } from '../../../common/secrets/password-hasher.js';
import { PasswordLoginDisabled } from '../../../common/secrets/password-login.errors.js';
import { UsersService } from '../../users/index.js';
import { InvalidLogin } from '../core/errors.js';
import type { LoginCredentials } from '../core/login-credentials.js';
import { isRecordedRefusal, type StartedSession } from '../../sessions/index.js';
import { LoginThrottle } from '../core/login-throttle.js';
import type { OpenWindow } from './break-glass-passwords.repository.js';
import { BreakGlassSession } from './break-glass-session.js';
import { BreakGlassWindow } from './break-glass-window.js';

/** Password login beside single sign-on: refused except for the user of an open break-glass window. */
@Injectable()
export class BreakGlassLogin {
  constructor(
    private readonly windows: BreakGlassWindow,
    private readonly throttle: LoginThrottle,
    private readonly users: UsersService,
    private readonly hasher: PasswordHasher,
    private readonly session: BreakGlassSession,
  ) {}

  /** Starts a session. In an open window, other users get the response and timing of a wrong password. */
  async logIn(credentials: LoginCredentials | null, request: RequestMetadata): Promise<StartedSession> {
    const window = await this.windows.find();
    if (!window) throw new PasswordLoginDisabled();
    const email = canonicalEmailOrNull(credentials?.email ?? '');
    try {
      const admitted = await this.throttle.admit(request.clientHost, email);
      const isValid = await this.verify(
        window,
        { email, password: credentials?.password ?? '' },
        admitted.lane,
      );
      const session = isValid ? await this.session.start(window, request) : null;
      if (!session) throw new InvalidLogin();
      await this.throttle.succeeded(admitted);
      return session;
    } catch (error) {
      if (isRecordedRefusal(error)) await this.session.recordRefusal(window, request, error);
      throw error;
    }
  }

  private async verify(
    window: OpenWindow,
    { email, password }: { email: string | null; password: string },
    lane: LoginLane,
  ): Promise<boolean> {
    const find = async () => {
      const user = email === null ? null : await this.users.findByEmail(email);
      return user?.id === window.userId ? window.digest : null;
    };
    return this.hasher.verify(find, password, lane);
  }
}
