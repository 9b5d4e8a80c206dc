import { Injectable } from '@nestjs/common';
import { DatabaseClock } from '../../../../../database/transactions/database-clock.js';
import { type LoginAttempt, LoginCookie } from './login-cookie.js';
import { InvalidLoginState } from './login-state.errors.js';
import { UsedLoginStatesRepository } from './used-login-states.repository.js';

/** `setCookie` serializes the cookie that holds the attempt. */
export type StartedLogin = {
  readonly attempt: LoginAttempt;
  readonly setCookie: (options: { crossSite: boolean }) => string;
};

/** Starts login attempts and accepts each once, by the database's clock. */
@Injectable()
export class LoginAttempts {
  constructor(
    private readonly cookie: LoginCookie,
    private readonly usedStates: UsedLoginStatesRepository,
    private readonly clock: DatabaseClock,
  ) {}

  /** @throws TooManySignIns */
  async start(returnTo: string, cookieHeader: string | undefined): Promise<StartedLogin> {
    const attempt = this.cookie.newAttempt(returnTo, cookieHeader, await this.clock.now());
    return { attempt, setCookie: (options) => this.cookie.serialize(attempt, options) };
  }

  /**
   * Each attempt is accepted once, so a replayed callback URL with a stolen cookie fails.
   *
   * @throws InvalidLoginState
   */
  async consume(cookieHeader: string | undefined, state: string | null): Promise<LoginAttempt> {
    if (state === null) throw new InvalidLoginState('no state');
    const attempt = this.cookie.find(cookieHeader, state, await this.clock.now());
    if (!(await this.usedStates.markUsed(attempt))) throw new InvalidLoginState('used');
    return attempt;
  }
}
