import { Injectable, Logger } from '@nestjs/common';
import type { RequestFacts } from '../../../common/http/request-facts.js';
import { Transaction } from '../../../database/transaction.js';
import { LoginRecord } from '../basic/login-record.js';
import { SsoSessionsRepository } from '../sessions/sso-sessions.repository.js';
import { IdentityProvider, type LogoutToken } from '../sso/identity-provider.js';
import { LogoutTokenRefused, ProviderUnavailable } from '../sso/provider.errors.js';
import { UsedLogoutTokensRepository } from './used-logout-tokens.repository.js';

/** `unverified`: the provider's keys cannot be had now; it may ask again. */
export type BackchannelOutcome = 'ended' | 'refused' | 'unverified';

/** The provider says that a person, or one of its sessions, has ended there (OpenID Connect Back-Channel Logout 1.0). */
@Injectable()
export class BackchannelLogout {
  private readonly log = new Logger(BackchannelLogout.name);

  constructor(
    private readonly provider: IdentityProvider,
    private readonly usedTokens: UsedLogoutTokensRepository,
    private readonly sessions: SsoSessionsRepository,
    private readonly transaction: Transaction,
    private readonly record: LoginRecord,
  ) {}

  /** Obeys a logout token once. Whether any session was there is nobody's business: the outcome is the same. */
  async run(logoutToken: string | null, request: RequestFacts): Promise<BackchannelOutcome> {
    try {
      const token = await this.verified(logoutToken);
      return (await this.obey(token, request)) ? 'ended' : 'refused';
    } catch (error) {
      if (error instanceof ProviderUnavailable) return 'unverified';
      if (!(error instanceof LogoutTokenRefused)) throw error;
      this.log.warn(`a logout token was refused: ${error.reason}`);
      return 'refused';
    }
  }

  private async verified(logoutToken: string | null): Promise<LogoutToken> {
    if (logoutToken === null) throw new LogoutTokenRefused('there is none');
    return this.provider.verifyLogoutToken(logoutToken);
  }

  /** False when it was obeyed before. In one transaction: a token is used up only together with what it ends. */
  private obey(token: LogoutToken, request: RequestFacts): Promise<boolean> {
    return this.transaction.run(async () => {
      if (!(await this.usedTokens.markUsed(token))) return false;
      const ended = await this.sessions.removeByProvider(token.issuer, token);
      for (const userId of new Set(ended.map((session) => session.userId)))
        await this.record.logout(userId, request);
      return true;
    });
  }
}
