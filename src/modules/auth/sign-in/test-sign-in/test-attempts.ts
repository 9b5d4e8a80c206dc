import { Injectable } from '@nestjs/common';
import { DomainError } from '../../../../common/errors/domain-error.js';
import { cookieValue } from '../../../../common/http/cookies.js';
import { SecretBox } from '../../../../common/secrets/secret-box.js';
import { Config } from '../../../../config/config.js';
import { type AuthorizationSecrets, OidcStrategy, SsoDisabled } from '../../oidc/index.js';
import type { SignInRequirement } from '../../../orgs/index.js';
import { NO_STEP_UP, StepUp } from '../core/step-up.js';
import { newSecrets } from '../core/redeem-callback.js';
import { InvalidLoginState } from '../core/errors.js';
import { failed, type TestOutcome } from './test-outcome.js';
import { TEST_SECONDS } from './test-sign-ins.repository.js';

type TestOfSession = {
  readonly testId: string;
  readonly sessionId: string;
  readonly requirement: SignInRequirement;
};

/** A test sign-in of one browser, with the session that asked for it. */
export type TestAttempt = AuthorizationSecrets & TestOfSession;

type StartedAttempt = { readonly setCookie: string } & (
  { readonly url: string; readonly outcome: null } | { readonly url: null; readonly outcome: TestOutcome }
);

const PREFIX = 'test-';

/** The state of a sign-in begins with a digit. */
export const isTestState = (state: unknown): boolean => typeof state === 'string' && state.startsWith(PREFIX);

/** In a cookie. Name and key are not those of a sign-in, so neither callback accepts the other's state. */
@Injectable()
export class TestAttempts {
  private readonly secretBox: SecretBox;
  private readonly cookie: string;
  private readonly attributes: string;

  constructor(
    private readonly strategy: OidcStrategy,
    private readonly stepUp: StepUp,
    private readonly config: Config,
  ) {
    const { apiKeys, server } = config;
    const isSecure = server.publicUrl?.startsWith('https:') ?? false;
    this.secretBox = new SecretBox(apiKeys.salt, 'test sign-in underway');
    this.cookie = `${isSecure ? '__Host-' : ''}tenantry-test-sign-in`;
    this.attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  }

  /** @throws SsoDisabled */
  assertEnabled(): void {
    if (!this.config.sso) throw new SsoDisabled();
  }

  /** A provider that cannot be asked is a result of the test. */
  async start(test: TestOfSession): Promise<StartedAttempt> {
    const attempt: TestAttempt = { ...newSecrets(PREFIX), ...test };
    const value = this.secretBox.encrypt(JSON.stringify(attempt));
    const setCookie = `${this.cookie}=${value}; Max-Age=${TEST_SECONDS}; ${this.attributes}`;
    try {
      const { url } = await this.strategy.begin({
        attempt,
        hints: this.stepUp.parametersFor(test.requirement, NO_STEP_UP),
      });
      return { setCookie, url, outcome: null };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { setCookie, url: null, outcome: failed(error, 'pushed_authorization_request') };
    }
  }

  /** @throws InvalidLoginState */
  find(cookies: string | undefined, state: string | null): TestAttempt {
    const encrypted = cookieValue(cookies, this.cookie);
    const text = encrypted === null ? null : this.secretBox.decrypt(encrypted);
    const attempt = text === null ? null : (JSON.parse(text) as TestAttempt);
    if (attempt?.state !== state) throw new InvalidLoginState('no cookie');
    return attempt;
  }

  get serializeCleared(): string {
    return `${this.cookie}=; Max-Age=0; ${this.attributes}`;
  }
}
