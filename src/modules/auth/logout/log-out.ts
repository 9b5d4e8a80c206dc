import { Injectable, Logger } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { requestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { Config } from '../../../config/config.js';
import { Transaction } from '../../../database/transaction.js';
import { LoginAudit } from '../login-audit.js';
import { SessionSecrets } from '../sessions/session-secrets.js';
import { SsoSessions } from '../sessions/sso-sessions.js';
import { IdentityProvider } from '../sso/identity-provider.js';
import { ProviderUnavailable } from '../sso/provider.errors.js';

export type LoggedOut = {
  readonly setCookie: string;
  /** Where the browser ends the provider's session; null when there is nothing to do there. */
  readonly logoutUrl: string | null;
  readonly home: string;
};

/** Ends the session of a browser, here first; then, if the operator wants it, at the provider. */
@Injectable()
export class LogOut {
  private readonly log = new Logger(LogOut.name);

  constructor(
    private readonly sessions: SsoSessions,
    private readonly transaction: Transaction,
    private readonly audit: LoginAudit,
    private readonly provider: IdentityProvider,
    private readonly secrets: SessionSecrets,
    private readonly config: Config,
  ) {}

  /** Without a session nothing happens, and asking twice is no fault. Throws CrossSiteRequest. */
  async run(request: FastifyRequest): Promise<LoggedOut> {
    const { ended, setCookie } = await this.transaction.run(async () => {
      const result = await this.sessions.close(request);
      if (result.ended)
        await this.audit.recordLogout(result.ended.userId, requestMetadata(request), 'person');
      return result;
    });
    const endsAtProvider = ended && this.config.sso?.idpLogoutEnabled;
    const logoutUrl = endsAtProvider ? await this.logoutAtProvider(ended.sealedIdToken) : null;
    return { setCookie, logoutUrl, home: this.config.server.publicUrl ?? '/' };
  }

  /** The session here is over already, whatever becomes of this. */
  private async logoutAtProvider(sealedIdToken: string | null): Promise<string | null> {
    const idTokenHint = sealedIdToken && this.secrets.decrypt(sealedIdToken);
    try {
      return await this.provider.endSessionUrl({ idTokenHint, returnTo: this.config.server.publicUrl! });
    } catch (error) {
      if (!(error instanceof ProviderUnavailable)) throw error;
      this.log.warn(`the session at the provider stays: ${error.reason}`);
      return null;
    }
  }
}
