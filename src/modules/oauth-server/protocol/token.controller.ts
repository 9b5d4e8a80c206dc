import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Public } from '../../../common/access/access.decorator.js';
import { requestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { AcceptsForm, Problems, Refuses } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { Config } from '../../../config/config.js';
import { DeviceCodeResponse, TokenResponse } from '../../../contract/oauth.js';
import { formOf, optional } from './form.js';
import { RevokeToken } from './revoke-token.js';
import { type ApplicationRequest, TokenRequestsService } from './token-requests.service.js';

/** What clients call without a person: docs/contract/oauth.md#tokens. */
@ApiTags('oauth')
@Problems('oauth')
@Controller('api/v1/oauth')
@Refuses('invalid_oauth_request')
export class TokenController {
  constructor(
    private readonly requests: TokenRequestsService,
    private readonly revokeToken: RevokeToken,
    private readonly config: Config,
  ) {}

  @Post('token')
  @HttpCode(200)
  @Public(TokenResponse)
  @AcceptsForm()
  @Refuses('oauth_request_refused', 'application_not_authenticated')
  exchangeToken(@Req() request: FastifyRequest) {
    return this.requests.exchange(fromRequest(request));
  }

  @Post('device/code')
  @HttpCode(200)
  @Public(DeviceCodeResponse)
  @AcceptsForm()
  @Refuses('oauth_request_refused', 'application_not_authenticated')
  async authorizeDevice(@Req() request: FastifyRequest) {
    const body = await this.requests.issueDeviceCode(fromRequest(request));
    const page = `${this.config.server.publicUrl}/console/activate`;
    const query = new URLSearchParams({ user_code: String(body['user_code']) }).toString();
    return { ...body, verification_uri: page, verification_uri_complete: `${page}?${query}`, interval: 5 };
  }

  /** RFC 7009, except that no client is asked for: whoever holds a token may end it. */
  @Post('revoke')
  @HttpCode(200)
  @Public()
  @AcceptsForm()
  async revoke(@Req() request: FastifyRequest): Promise<void> {
    const token = optional(formOf(request.body), 'token');
    if (token !== null) await this.revokeToken.run(token, requestMetadata(request));
  }
}

const fromRequest = (request: FastifyRequest): ApplicationRequest => ({
  form: formOf(request.body),
  authorization: request.headers.authorization,
  metadata: requestMetadata(request),
});
