import { Injectable, Logger } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { requestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { required } from '../../../common/collections.js';
import { Config } from '../../../config/config.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { BrowserSession, LoginAudit, SessionSecrets } from '../../sessions/index.js';
import { ProviderLogout, ProviderUnavailable } from '../oidc/index.js';

export const SIGNED_OUT_PATH = '/signed-out';

export type LoggedOut = {
  readonly setCookie: string;
  /** The end-session URL of the provider; null if the browser need not go there. */
  readonly logoutUrl: string | null;
  /** Where the browser goes without `logoutUrl`. */
  readonly nextPage: string;
};

@Injectable()
export class LogOut {
  private readonly log = new Logger(LogOut.name);

  constructor(
    private readonly session: BrowserSession,
    private readonly transaction: Transaction,
    private readonly audit: LoginAudit,
    private readonly provider: ProviderLogout,
    private readonly secrets: SessionSecrets,
    private readonly config: Config,
  ) {}

  /** Does nothing without a session. @throws CrossSiteRequest, SessionOfAnotherUser */
  async run(request: FastifyRequest): Promise<LoggedOut> {
    const { ended, setCookie } = await this.transaction.run(async () => {
      const result = await this.session.close(request);
      if (result.ended)
        await this.audit.recordLogout(result.ended.userId, requestMetadata(request), 'person');
      return result;
    });
    const endsAtProvider = ended && this.config.sso?.idpLogoutEnabled;
    const logoutUrl = endsAtProvider ? await this.logoutAtProvider(ended.sealedIdToken) : null;
    const { publicUrl } = this.config.server;
    return { setCookie, logoutUrl, nextPage: `${publicUrl ?? ''}${this.config.sso ? SIGNED_OUT_PATH : '/'}` };
  }

  /** A failure here does not affect the local logout, which is complete. */
  private async logoutAtProvider(sealedIdToken: string | null): Promise<string | null> {
    const idTokenHint = sealedIdToken && this.secrets.decrypt(sealedIdToken);
    try {
      return await this.provider.endSessionUrl({
        idTokenHint,
        returnTo: required(this.config.server.publicUrl, 'LANGSMITH_URL'),
      });
    } catch (error) {
      if (!(error instanceof ProviderUnavailable)) throw error;
      this.log.warn(`the session at the provider was not ended: ${error.reason}`);
      return null;
    }
  }
}
