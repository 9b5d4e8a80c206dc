import { Injectable, Logger } from '@nestjs/common';
import { networkOf } from '../../../common/http/network-addresses.js';
import type { RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { LimitedLog } from '../../../common/logging/limited-log.js';
import { InMemoryRateLimiter } from '../../../database/rate-limits/in-memory-rate-limiter.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { LoginAudit, SsoSessionsRepository } from '../../sessions/index.js';
import { InvalidLogoutToken, type LogoutToken, ProviderLogout } from '../oidc/index.js';
import { SingleUseRepository } from './core/single-use.repository.js';

/** Ends sessions on request of the provider (OpenID Connect Back-Channel Logout 1.0). */
@Injectable()
export class BackchannelLogout {
  private readonly log = new LimitedLog(new Logger(BackchannelLogout.name));

  constructor(
    private readonly provider: ProviderLogout,
    private readonly singleUse: SingleUseRepository,
    private readonly sessions: SsoSessionsRepository,
    private readonly transaction: Transaction,
    private readonly audit: LoginAudit,
    private readonly limiter: InMemoryRateLimiter,
  ) {}

  /**
   * Applies a logout token once; false if it is invalid or was used. The result does not reveal whether a session
   * ended.
   *
   * @throws SsoDisabled, TooManyRequests after too many invalid tokens of the network, ProviderUnavailable
   */
  async run(logoutToken: string | null, request: RequestMetadata): Promise<boolean> {
    try {
      return await this.endSessions(await this.provider.verifyLogoutToken(logoutToken), request);
    } catch (error) {
      if (!(error instanceof InvalidLogoutToken)) throw error;
      this.log.warn(`a logout token was refused: ${error.reason}`);
      // valid ones are not limited, since a provider may sign out many users from one address
      this.limiter.hit('refused logout tokens from', networkOf(request.clientHost));
      return false;
    }
  }

  /** One transaction: the token is marked as used only together with the sessions that it ends. */
  private endSessions(token: LogoutToken, request: RequestMetadata): Promise<boolean> {
    return this.transaction.run(async () => {
      if (!(await this.singleUse.useLogoutToken(token))) return false;
      const ended = await this.sessions.removeByProvider(token.issuer, token);
      for (const userId of new Set(ended.map((session) => session.userId)))
        await this.audit.recordLogout(userId, request, 'provider');
      return true;
    });
  }
}
