import { randomBytes, randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { cookieValue } from '../../../common/http/cookies.js';
import { SecretBox } from '../../../common/secrets/secret-box.js';
import { Config } from '../../../config/config.js';
import type { AuthorizationSecrets } from '../sso/oidc.strategy.js';
import { InvalidLoginState } from './login.errors.js';

const LIFETIME_SECONDS = 600; // seconds
const MAX_ATTEMPTS = 8; // sign-ins that one browser can have underway, in as many tabs

/** A sign-in that a browser has begun: what must come back, and where to go then. */
export type LoginAttempt = AuthorizationSecrets & {
  readonly returnTo: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
};

/** 256 random bits, which is also what RFC 7636 asks of a code verifier. */
const secret = () => randomBytes(32).toString('base64url');

/**
 * Keeps an attempt in the browser that made it, sealed, until the provider sends it back; so a callback in another
 * browser finds nothing (login CSRF). One of a few cookies, named by the beginning of the state: tabs do not disturb
 * each other, and nobody fills a browser with them.
 */
@Injectable()
export class LoginCookie {
  private readonly secretBox: SecretBox;
  private readonly isSecure: boolean;

  constructor({ apiKeys, server }: Config) {
    this.secretBox = new SecretBox(apiKeys.salt, 'sign-in underway');
    this.isSecure = server.publicUrl?.startsWith('https:') ?? false;
  }

  /** In a place that this browser has free; at random, since several tabs may ask at once. */
  newAttempt(returnTo: string, cookieHeader: string | undefined): LoginAttempt {
    const slots = Array.from({ length: MAX_ATTEMPTS }, (_, slot) => String(slot));
    const free = slots.filter((slot) => cookieValue(cookieHeader, this.nameFor(slot)) === null);
    const choice = free.length > 0 ? free : slots;
    return {
      state: `${choice[randomInt(choice.length)]}${secret()}`,
      nonce: secret(),
      codeVerifier: secret(),
      returnTo,
      expiresAt: Math.floor(Date.now() / 1000) + LIFETIME_SECONDS,
    };
  }

  /** `crossSite`: the provider sends the browser back with a form, which takes no `Lax` cookie along. */
  serialize(attempt: LoginAttempt, { crossSite }: { crossSite: boolean }): string {
    const sameSite = crossSite && this.isSecure ? 'None' : 'Lax';
    return `${this.nameFor(attempt.state)}=${this.secretBox.encrypt(JSON.stringify(attempt))}; Max-Age=${LIFETIME_SECONDS}; ${this.attributes(sameSite)}`;
  }

  serializeCleared(state: string): string {
    return `${this.nameFor(state)}=; Max-Age=0; ${this.attributes('Lax')}`;
  }

  /** The attempt of this browser with that state; throws InvalidLoginState. */
  find(cookieHeader: string | undefined, state: string): LoginAttempt {
    const encrypted = cookieValue(cookieHeader, this.nameFor(state));
    const text = encrypted === null ? null : this.secretBox.decrypt(encrypted);
    const attempt = text === null ? null : (JSON.parse(text) as LoginAttempt);
    if (attempt?.state !== state) throw new InvalidLoginState('no cookie');
    if (attempt.expiresAt < Date.now() / 1000) throw new InvalidLoginState('expired');
    return attempt;
  }

  /** `__Host-`: no neighbour domain can plant one (RFC 6265bis, section 4.1.3). */
  private nameFor(state: string): string {
    return `${this.isSecure ? '__Host-' : ''}tenantry-sign-in-${state.charAt(0)}`;
  }

  private attributes(sameSite: 'Lax' | 'None'): string {
    return `Path=/; HttpOnly; SameSite=${sameSite}${this.isSecure ? '; Secure' : ''}`;
  }
}
