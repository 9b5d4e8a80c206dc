import { randomBytes, randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { cookieValue } from '../../../common/http/cookies.js';
import { Seal } from '../../../common/secrets/seal.js';
import { Config } from '../../../config/config.js';
import type { LoginSecrets } from '../sso/oidc.strategy.js';
import { NotThisLogin } from './login.errors.js';

const LIFETIME = 600; // seconds
const PLACES = 8; // sign-ins that one browser can have underway, in as many tabs

/** A sign-in that a browser has begun: what must come back, and where to go then. */
export type LoginAttempt = LoginSecrets & {
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
  private readonly seal: Seal;
  private readonly isSecure: boolean;

  constructor({ apiKeys, server }: Config) {
    this.seal = new Seal(apiKeys.salt, 'sign-in underway');
    this.isSecure = server.publicUrl?.startsWith('https:') ?? false;
  }

  /** In a place that this browser has free; at random, since several tabs may ask at once. */
  newAttempt(returnTo: string, cookieHeader: string | undefined): LoginAttempt {
    const places = Array.from({ length: PLACES }, (_, place) => String(place));
    const free = places.filter((place) => cookieValue(cookieHeader, this.nameFor(place)) === null);
    const choice = free.length > 0 ? free : places;
    return {
      state: `${choice[randomInt(choice.length)]}${secret()}`,
      nonce: secret(),
      codeVerifier: secret(),
      returnTo,
      expiresAt: Math.floor(Date.now() / 1000) + LIFETIME,
    };
  }

  /** `crossSite`: the provider sends the browser back with a form, which takes no `Lax` cookie along. */
  carrying(attempt: LoginAttempt, { crossSite }: { crossSite: boolean }): string {
    const sameSite = crossSite && this.isSecure ? 'None' : 'Lax';
    return `${this.nameFor(attempt.state)}=${this.seal.seal(JSON.stringify(attempt))}; Max-Age=${LIFETIME}; ${this.attributes(sameSite)}`;
  }

  gone(state: string): string {
    return `${this.nameFor(state)}=; Max-Age=0; ${this.attributes('Lax')}`;
  }

  /** The attempt of this browser with that state; throws NotThisLogin. */
  find(cookieHeader: string | undefined, state: string): LoginAttempt {
    const sealed = cookieValue(cookieHeader, this.nameFor(state));
    const text = sealed === null ? null : this.seal.open(sealed);
    const attempt = text === null ? null : (JSON.parse(text) as LoginAttempt);
    if (attempt?.state !== state) throw new NotThisLogin('no cookie');
    if (attempt.expiresAt < Date.now() / 1000) throw new NotThisLogin('expired');
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
