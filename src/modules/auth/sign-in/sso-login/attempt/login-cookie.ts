import { randomBytes, randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { cookieValue } from '../../../../../common/http/cookies.js';
import { SecretBox } from '../../../../../common/secrets/secret-box.js';
import { Config } from '../../../../../config/config.js';
import type { AuthorizationSecrets } from '../../../oidc/index.js';
import { InvalidLoginState } from './login-state.errors.js';

const LIFETIME_SECONDS = 600;
const MAX_ATTEMPTS = 8; // concurrent sign-ins of one browser, one per tab

/** A login attempt of one browser: the expected state, nonce and verifier, and the return path. */
export type LoginAttempt = AuthorizationSecrets & {
  readonly returnTo: string;
  /** Seconds since the Unix epoch. */
  readonly expiresAt: number;
};

/** 256 random bits, the entropy that RFC 7636, section 7.1 recommends for a code verifier. */
const secret = () => randomBytes(32).toString('base64url');

/**
 * Keeps the login attempt encrypted in a cookie of the browser that started it, so a callback in another browser is
 * rejected (login CSRF). The first character of the state selects one of 8 cookies: tabs do not overwrite each other
 * and the number of cookies is bounded.
 */
@Injectable()
export class LoginCookie {
  private readonly secretBox: SecretBox;
  private readonly isSecure: boolean;

  constructor({ apiKeys, server }: Config) {
    this.secretBox = new SecretBox(apiKeys.salt, 'sign-in underway');
    this.isSecure = server.publicUrl?.startsWith('https:') ?? false;
  }

  /** Uses a free cookie slot, chosen at random because several tabs may start at the same time. */
  newAttempt(returnTo: string, cookieHeader: string | undefined, now: Date): LoginAttempt {
    const slots = Array.from({ length: MAX_ATTEMPTS }, (_, slot) => String(slot));
    const free = slots.filter((slot) => cookieValue(cookieHeader, this.nameFor(slot)) === null);
    const choice = free.length > 0 ? free : slots;
    return {
      state: `${choice[randomInt(choice.length)]}${secret()}`,
      nonce: secret(),
      codeVerifier: secret(),
      returnTo,
      expiresAt: Math.floor(now.getTime() / 1000) + LIFETIME_SECONDS,
    };
  }

  /** `crossSite`: the provider answers with a cross-site form post, which carries no `SameSite=Lax` cookie. */
  serialize(attempt: LoginAttempt, { crossSite }: { crossSite: boolean }): string {
    const sameSite = crossSite && this.isSecure ? 'None' : 'Lax';
    return `${this.nameFor(attempt.state)}=${this.secretBox.encrypt(JSON.stringify(attempt))}; Max-Age=${LIFETIME_SECONDS}; ${this.attributes(sameSite)}`;
  }

  serializeCleared(state: string): string {
    return `${this.nameFor(state)}=; Max-Age=0; ${this.attributes('Lax')}`;
  }

  /**
   * Returns the login attempt of this browser with that state.
   *
   * @throws InvalidLoginState
   */
  find(cookieHeader: string | undefined, state: string, now: Date): LoginAttempt {
    const attempt = this.attemptIn(cookieHeader, state);
    if (attempt?.state !== state) throw new InvalidLoginState('no cookie');
    if (attempt.expiresAt < now.getTime() / 1000) throw new InvalidLoginState('expired');
    return attempt;
  }

  /** The return path of a login attempt that has ended; null if this browser did not start it. */
  returnPathOf(cookieHeader: string | undefined, state: string): string | null {
    const attempt = this.attemptIn(cookieHeader, state);
    return attempt?.state === state ? attempt.returnTo : null;
  }

  private attemptIn(cookieHeader: string | undefined, state: string): LoginAttempt | null {
    const encrypted = cookieValue(cookieHeader, this.nameFor(state));
    const text = encrypted === null ? null : this.secretBox.decrypt(encrypted);
    return text === null ? null : (JSON.parse(text) as LoginAttempt);
  }

  /** `__Host-`: the cookie cannot be set by a sibling domain (RFC 6265bis, section 4.1.3). */
  private nameFor(state: string): string {
    return `${this.isSecure ? '__Host-' : ''}tenantry-sign-in-${state.charAt(0)}`;
  }

  private attributes(sameSite: 'Lax' | 'None'): string {
    return `Path=/; HttpOnly; SameSite=${sameSite}${this.isSecure ? '; Secure' : ''}`;
  }
}
