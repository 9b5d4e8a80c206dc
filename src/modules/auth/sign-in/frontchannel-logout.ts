import { Injectable } from '@nestjs/common';
import type { RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { Config } from '../../../config/config.js';
import { RateLimiter } from '../../../database/rate-limits/rate-limiter.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { IdentityProvider, SsoDisabled } from '../oidc/index.js';
import { LoginAudit, SsoSessionsRepository } from '../../sessions/index.js';
import { InvalidFrontchannelLogout } from './core/errors.js';

/** What a page of the provider sends from a frame; it comes without our cookie, so `sid` is the credential. */
export type FrontchannelRequest = { readonly issuer: unknown; readonly sid: unknown };

const MIN_SID_LENGTH = 16; // characters; shorter ones could be guessed
const MAX_SID_LENGTH = 255;

/** Ends one session on request of a page of the provider (OpenID Connect Front-Channel Logout 1.0). */
@Injectable()
export class FrontchannelLogout {
  constructor(
    private readonly provider: IdentityProvider,
    private readonly sessions: SsoSessionsRepository,
    private readonly transaction: Transaction,
    private readonly audit: LoginAudit,
    private readonly limiter: RateLimiter,
    private readonly config: Config,
  ) {}

  /**
   * Returns the origins whose pages may frame the response, which does not reveal whether a session ended.
   *
   * @throws SsoDisabled, InvalidFrontchannelLogout, ProviderUnavailable, TooManyRequests before the `sid` is looked up
   */
  async run({ issuer, sid }: FrontchannelRequest, request: RequestMetadata): Promise<string[]> {
    if (!this.config.sso) throw new SsoDisabled();
    await this.limiter.hitFrom('front-channel logout', request.clientHost);
    const metadata = await this.provider.metadata();
    if (issuer !== metadata.issuer || !isUnguessable(sid)) throw new InvalidFrontchannelLogout();
    await this.transaction.run(async () => {
      const ended = await this.sessions.removeByProvider(metadata.issuer, { subject: null, sid });
      for (const { userId } of ended) await this.audit.recordLogout(userId, request, 'provider');
    });
    const { authorization_endpoint: authorization, end_session_endpoint: endSession } = metadata;
    const pages = [metadata.issuer, authorization, endSession].filter((url) => url !== undefined);
    return [...new Set(pages.map((url) => new URL(url).origin))];
  }
}

const isUnguessable = (sid: unknown): sid is string =>
  typeof sid === 'string' &&
  sid.length >= MIN_SID_LENGTH &&
  sid.length <= MAX_SID_LENGTH &&
  /^[!-~]+$/.test(sid);
