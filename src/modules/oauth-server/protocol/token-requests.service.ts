import { Injectable } from '@nestjs/common';
import type { RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { RateLimiter } from '../../../database/rate-limits/rate-limiter.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { ArtifactsRepository } from '../core/artifacts.repository.js';
import { ApplicationNotAuthenticated, OauthRequestRefused } from '../core/errors.js';
import { Library } from '../library/library.js';
import { DEVICE_GRANT } from '../../../common/oauth-values.js';
import { type Parameters, toSearchParams } from './form.js';

/** A form of an application, which may authenticate with Basic. */
export type ApplicationRequest = {
  readonly form: Parameters;
  readonly authorization: string | undefined;
  readonly metadata: RequestMetadata;
};

@Injectable()
export class TokenRequestsService {
  constructor(
    private readonly library: Library,
    private readonly artifacts: ArtifactsRepository,
    private readonly limiter: RateLimiter,
    private readonly transaction: Transaction,
  ) {}

  /** @throws OauthRequestRefused or ApplicationNotAuthenticated */
  async exchange(request: ApplicationRequest): Promise<Record<string, unknown>> {
    if (await this.pollsTooEarly(request.form))
      throw new OauthRequestRefused({ error: 'slow_down' }, 'Ask every five seconds.');
    return this.call('/oauth/token', request);
  }

  /** @throws TooManyRequests, OauthRequestRefused or ApplicationNotAuthenticated */
  async issueDeviceCode(request: ApplicationRequest): Promise<Record<string, unknown>> {
    await this.limiter.hitFrom('device code', request.metadata.clientHost);
    return this.call('/oauth/device/code', request);
  }

  /** RFC 8628, section 3.5. */
  private async pollsTooEarly(form: Parameters): Promise<boolean> {
    const deviceCode = form['grant_type'] === DEVICE_GRANT ? form['device_code'] : undefined;
    return typeof deviceCode === 'string' && (await this.artifacts.pollsTooEarly(deviceCode));
  }

  /** In one transaction, which is rolled back if the library fails, but not if it refuses. */
  private async call(path: string, { form, authorization, metadata }: ApplicationRequest) {
    await this.library.prepare(form['client_id']);
    const headers = {
      ...(authorization === undefined ? {} : { authorization }),
      ...(metadata.userAgent === null ? {} : { 'user-agent': metadata.userAgent }),
    };
    const { status, body } = await this.transaction.run(() =>
      this.library.post(path, {
        headers,
        form: toSearchParams(form),
        remoteAddress: metadata.clientHost ?? '',
      }),
    );
    if (status === 401 && authorization !== undefined) throw new ApplicationNotAuthenticated();
    if (status !== 200)
      throw new OauthRequestRefused({ error: String(body['error']) }, String(body['error_description']));
    return body;
  }
}
