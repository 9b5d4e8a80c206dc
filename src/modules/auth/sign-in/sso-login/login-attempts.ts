import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { cookieValue } from '../../../../common/http/cookies.js';
import { SecretBox } from '../../../../common/secrets/secret-box.js';
import { Config } from '../../../../config/config.js';
import { RateLimiter } from '../../../../database/rate-limits/rate-limiter.js';
import { DatabaseClock } from '../../../../database/transactions/database-clock.js';
import { type AuthorizationSecrets, SsoDisabled, type SsoLogin } from '../../oidc/index.js';
import { type Callback, newSecrets, RedeemCallback } from '../core/redeem-callback.js';
import { InvalidLoginState, TooManySignIns } from '../core/errors.js';
import type { SignInRequirement } from '../../../orgs/index.js';
import { type AskedStepUp, StepUp } from '../core/step-up.js';
import { SingleUseRepository } from '../core/single-use.repository.js';

const LIFETIME_SECONDS = 600;
const MAX_ATTEMPTS = 8; // concurrent sign-ins of one browser, one per tab
const REPLACEABLE_AFTER_SECONDS = 60; // or another site could end a sign-in under way by starting others

/** One cookie each. */
const SLOTS: readonly string[] = Array.from({ length: MAX_ATTEMPTS }, (_, slot) => String(slot));

export type LoginAttempt = AuthorizationSecrets & {
  readonly returnTo: string;
  /** The organization whose requirement the sign-in has to meet; null: the default one. */
  readonly orgId: string | null;
  /** How long ago the user may have signed in at the provider, as the link asks, in seconds; null: it does not say. */
  readonly maxAge: number | null;
  /** Seconds since the Unix epoch. */
  readonly expiresAt: number;
};

type WantedLogin = Pick<LoginAttempt, 'returnTo' | 'orgId' | 'maxAge'>;

/**
 * Keeps the attempt encrypted in a cookie of its browser, so a callback in another one is refused (login CSRF). The
 * first character of the state selects one of 8 cookies, so that tabs do not overwrite each other.
 */
export class LoginCookie {
  private readonly secretBox: SecretBox;
  private readonly isSecure: boolean;

  constructor({ apiKeys, server }: Config) {
    this.secretBox = new SecretBox(apiKeys.salt, 'sign-in underway');
    this.isSecure = server.publicUrl?.startsWith('https:') ?? false;
  }

  /** Uses a free slot, or else that of the oldest attempt. @throws TooManySignIns if that is younger than a minute */
  newAttempt(wanted: WantedLogin, cookieHeader: string | undefined, now: Date): LoginAttempt {
    const seconds = Math.floor(now.getTime() / 1000);
    return {
      ...newSecrets(`${this.slotFor(cookieHeader, seconds)}`),
      ...wanted,
      expiresAt: seconds + LIFETIME_SECONDS,
    };
  }

  /** `crossSite`: the provider responds with a cross-site form post, which carries no `SameSite=Lax` cookie. */
  serialize(attempt: LoginAttempt, { crossSite }: { crossSite: boolean }): string {
    const sameSite = crossSite && this.isSecure ? 'None' : 'Lax';
    return `${this.nameFor(attempt.state)}=${this.secretBox.encrypt(JSON.stringify(attempt))}; Max-Age=${LIFETIME_SECONDS}; ${this.attributes(sameSite)}`;
  }

  serializeCleared(state: string): string {
    return `${this.nameFor(state)}=; Max-Age=0; ${this.attributes('Lax')}`;
  }

  /** @throws InvalidLoginState */
  find(cookieHeader: string | undefined, state: string, now: Date): LoginAttempt {
    const attempt = this.attemptIn(cookieHeader, state);
    if (attempt?.state !== state) throw new InvalidLoginState('no cookie');
    if (attempt.expiresAt < now.getTime() / 1000) throw new InvalidLoginState('expired');
    return attempt;
  }

  /** What a login attempt that has ended wanted; null if this browser did not start it. */
  wantedBy(cookieHeader: string | undefined, state: string): WantedLogin | null {
    const attempt = this.attemptIn(cookieHeader, state);
    return attempt?.state === state ? attempt : null;
  }

  /** A free one is chosen at random because several tabs may start at the same time. */
  private slotFor(cookieHeader: string | undefined, seconds: number): string | undefined {
    const taken = SLOTS.flatMap((slot) => {
      const attempt = this.attemptIn(cookieHeader, slot);
      return attempt ? [{ slot, startedAt: attempt.expiresAt - LIFETIME_SECONDS }] : [];
    });
    const free = SLOTS.filter((slot) => !taken.some((one) => one.slot === slot));
    if (free.length > 0) return free[randomInt(free.length)];
    const oldest = taken.reduce((first, one) => (one.startedAt < first.startedAt ? one : first));
    const waitSeconds = oldest.startedAt + REPLACEABLE_AFTER_SECONDS - seconds;
    if (waitSeconds > 0) throw new TooManySignIns(waitSeconds);
    return oldest.slot;
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

type RedeemedAttempt = {
  readonly attempt: LoginAttempt;
  readonly login: SsoLogin;
  /** What the sign-in has to meet; null: what the default organization requires. */
  readonly requirement: SignInRequirement | null;
};

/** Starts login attempts, and redeems the callbacks that end them, by the database's clock. */
@Injectable()
export class LoginAttempts {
  readonly cookie: LoginCookie;

  constructor(
    private readonly limiter: RateLimiter,
    private readonly clock: DatabaseClock,
    private readonly singleUse: SingleUseRepository,
    private readonly redeemCallback: RedeemCallback,
    private readonly stepUp: StepUp,
    private readonly config: Config,
  ) {
    this.cookie = new LoginCookie(config);
  }

  async parametersFor(orgId: string | null, asked: AskedStepUp): Promise<Readonly<Record<string, string>>> {
    return this.stepUp.parametersFor(await this.stepUp.requirementOf(orgId), asked);
  }

  /** @throws TooManySignIns */
  async start(wanted: WantedLogin, cookieHeader: string | undefined): Promise<LoginAttempt> {
    return this.cookie.newAttempt(wanted, cookieHeader, await this.clock.now());
  }

  /**
   * Matches the callback to an attempt of this browser before any other parameter is used, and exchanges its code.
   *
   * @throws SsoDisabled, TooManyRequests, InvalidLoginState, and the errors of RedeemCallback
   */
  async redeem(callback: Callback): Promise<RedeemedAttempt> {
    if (!this.config.sso) throw new SsoDisabled();
    await this.limiter.hitFrom('login return', callback.clientHost);
    const attempt = await this.use(callback);
    const login = await this.redeemCallback.run(attempt, callback);
    return {
      attempt,
      login,
      requirement: await this.stepUp.requirementAtReturn(attempt.orgId, attempt.maxAge),
    };
  }

  /** Accepts each attempt once, so a replayed callback URL with a stolen cookie fails. */
  private async use({ cookies, state }: Callback): Promise<LoginAttempt> {
    if (state === null) throw new InvalidLoginState('no state');
    const attempt = this.cookie.find(cookies, state, await this.clock.now());
    if (!(await this.singleUse.useLoginState(attempt))) throw new InvalidLoginState('used');
    return attempt;
  }
}

/** One slash that no slash or backslash follows, also encoded; nothing that browsers strip before parsing. */
// oxlint-disable-next-line no-control-regex -- the pattern excludes them
const PLAIN_PATH = /^\/(?![/\\]|%2f|%5c)[^\\\x00-\x20\x7f]*$/i;
const MAX_LENGTH = 2_000; // characters; the path is stored in a cookie

/** `requested`, from a link that anyone can craft, if it is on our own origin, otherwise `home`. */
export function returnPath(requested: unknown, home: string): string {
  if (typeof requested !== 'string') return home;
  const { origin } = new URL(home);
  const path = requested.startsWith(`${origin}/`) ? requested.slice(origin.length) : requested;
  if (!PLAIN_PATH.test(path)) return home;
  const url = new URL(path, origin);
  const isSameOrigin = url.origin === origin && !url.pathname.startsWith('//');
  return isSameOrigin && url.href.length <= MAX_LENGTH ? url.href : home;
}
