import { Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentPrincipal, OwnCommand, OwnQuery, Public } from '../../../common/access/access.decorator.js';
import type { UserPrincipal } from '../../../common/access/principal.js';
import {
  AcceptsForm,
  Problems,
  Refuses,
  ReturnsRedirect,
} from '../../../common/http/operations/operation.decorator.js';
import { ApiQuery, ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { Config } from '../../../config/config.js';
import { ApprovalResponse, ConsentRequest } from '../../../contract/oauth.js';
import { kindOf } from '../clients/redirect-address.js';
import { AuthorizationRefused } from '../core/errors.js';
import { Library } from '../library/library.js';
import { toApplicationInfo } from '../clients/client.mapper.js';
import { Approve } from './approve.js';
import { approverIn, workspaceOf } from './approver.js';
import { AuthorizationRequests } from './authorization-requests.js';
import { formOf, type Parameters } from './form.js';

const RECOGNIZES = ['invalid_oauth_request', 'redirect_address_not_registered', 'unknown_application'];

const Parameter = (name: string, required = false) =>
  ApiQuery({ name, required, schema: { type: 'string' } });

/** Authorization codes: docs/contract/oauth.md#consent. */
@ApiTags('oauth')
@Problems('oauth')
@Controller('api/v1/oauth/authorize')
export class AuthorizeController {
  private readonly consentPage: string;

  constructor(
    private readonly requests: AuthorizationRequests,
    private readonly library: Library,
    private readonly approveGrant: Approve,
    { server }: Config,
  ) {
    this.consentPage = `${server.publicUrl}/console/consent`;
  }

  /** Sends the browser to the consent page, or back to the application with an error. */
  @Get()
  @Public()
  @Parameter('response_type', true)
  @Parameter('client_id', true)
  @Parameter('redirect_uri', true)
  @Parameter('code_challenge', true)
  @Parameter('code_challenge_method', true)
  @Parameter('state')
  @Parameter('scope')
  @Parameter('resource')
  @Parameter('nonce')
  @Parameter('prompt')
  @ReturnsRedirect()
  @Refuses(...RECOGNIZES)
  async authorize(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const parameters = request.query as Parameters;
    const recognized = await this.requests.recognize(parameters);
    const [, query = ''] = request.originalUrl.split(/\?(.*)/s);
    const target = this.refusalOf(parameters, recognized) ?? `${this.consentPage}?${query}`;
    void reply.header('cache-control', 'no-store').redirect(target, 302);
  }

  /** What the consent page shows, decided again. */
  @Get('request')
  @OwnQuery(ConsentRequest)
  @Refuses(...RECOGNIZES, 'authorization_request_refused')
  async getConsentRequest(
    @CurrentPrincipal() { userId }: UserPrincipal,
    @Query() parameters: Parameters,
  ): Promise<ConsentRequest> {
    const recognized = await this.requests.recognize(parameters);
    const request = this.requests.check(parameters, recognized);
    const { application, redirectUri } = request;
    const remembered = await this.approveGrant.findRemembered(userId, request);
    return {
      client: toApplicationInfo(application),
      redirect_host: hostOf(redirectUri),
      redirect_kind: kindOf(redirectUri),
      scopes: [...request.scopes],
      organization_id: application.orgId,
      remembered: remembered && {
        organization_id: remembered.orgId,
        workspace_id: remembered.defaultWorkspaceId,
      },
      denied_redirect_uri: this.requests.responseTo(recognized, { error: 'access_denied' }),
    };
  }

  @Post('approve')
  @OwnCommand('create_oauth_grant', ApprovalResponse, { context: 'org' })
  @AcceptsForm()
  @Refuses(
    ...RECOGNIZES,
    'application_of_another_organization',
    'approval_for_another_organization',
    'authorization_request_refused',
    'pat_creation_disabled_by_operator',
    'pat_creation_disabled_by_org',
    'workspace_not_found',
  )
  async approve(@CurrentPrincipal() principal: UserPrincipal, @Req() { body }: FastifyRequest) {
    const form = formOf(body);
    const recognized = await this.requests.recognize(form);
    const request = this.requests.check({ ...form, response_type: 'code' }, recognized);
    const approver = approverIn(principal, form);
    const { application, redirectUri, scopes } = request;
    const terms = { redirectUri, scopes, workspaceId: workspaceOf(form) };
    const code = await this.approveGrant.run(
      approver,
      application,
      terms,
      await this.library.codeWriter(request),
    );
    return { redirect_uri: this.requests.responseTo(recognized, { code }) };
  }

  /** Null if the request may be approved. */
  private refusalOf(
    parameters: Parameters,
    recognized: Awaited<ReturnType<AuthorizationRequests['recognize']>>,
  ): string | null {
    try {
      this.requests.check(parameters, recognized);
      return null;
    } catch (error) {
      if (!(error instanceof AuthorizationRefused)) throw error;
      const { fields, message } = error;
      return this.requests.responseTo(recognized, { ...fields, error_description: message });
    }
  }
}

/** Of an own scheme, that scheme. */
const hostOf = (address: string): string => {
  const { host, protocol } = new URL(address);
  return kindOf(address) === 'native' ? protocol.slice(0, -1) : host;
};
