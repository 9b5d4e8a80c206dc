import {
  type CanActivate,
  type ExecutionContext,
  Injectable,
  applyDecorators,
  Controller,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { InvalidCredential, OrganizationDisabled } from '../../../common/access/access.errors.js';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { requestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { Config } from '../../../config/config.js';
import { SCIM_ROOT, scimBaseOf } from './scim-request.decorator.js';
import { ScimRateLimiter } from '../tokens/scim-rate-limiter.js';
import { ScimTokensLastUsedJob } from '../tokens/scim-tokens-last-used.job.js';
import type { FoundToken } from '../tokens/scim-tokens.repository.js';
import { ValidScimTokens } from '../tokens/valid-scim-tokens.js';
import { declareScimToken } from '../../../common/access/access-rule.decorator.js';
import { ApiExcludeController } from '../../../common/http/swagger.decorator.js';
import { ScimJsonInterceptor } from './scim-json.interceptor.js';

const BEARER = /^Bearer +(\S+)$/i;

/** Authenticates the SCIM token of an organization's identity provider, from the cache or with one indexed query. */
@Injectable()
export class ScimGuard implements CanActivate {
  constructor(
    private readonly tokens: ValidScimTokens,
    private readonly lastUsed: ScimTokensLastUsedJob,
    private readonly requests: ScimRateLimiter,
    private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
    const found = token === undefined ? null : await this.tokens.find(token);
    if (token === undefined || !found) throw new InvalidCredential();
    this.lastUsed.markUsed(found.id);
    this.requests.hit(found.id);
    if (found.orgIsDisabled) throw new OrganizationDisabled();
    request.scimBase = scimBaseOf(this.config.server.publicUrl, request);
    request.principal = principalOf(found, request, () => this.tokens.assertStillValid(token));
    return true;
  }
}

/** The principal holds no permission: SCIM defines what it may do. */
const principalOf = (
  found: FoundToken,
  request: FastifyRequest,
  revalidate: ScimPrincipal['revalidate'],
): ScimPrincipal => ({
  kind: 'service',
  credential: { kind: 'scim-token', id: found.id },
  userId: null,
  email: null,
  orgId: found.orgId,
  orgRole: null,
  makesAdmins: found.makesAdmins,
  madeByUserId: found.createdByUserId,
  workspaceId: null,
  workspaceRole: null,
  key: null,
  sessionMethod: null,
  isOrgExplicit: true,
  request: requestMetadata(request),
  can: () => false,
  revalidate,
});

/** A controller below `/scim/v2` with its access rule and guard, so that neither can be forgotten. */
export const ScimController = (path = '') =>
  applyDecorators(
    Controller(`${SCIM_ROOT}${path}`),
    declareScimToken(),
    UseGuards(ScimGuard),
    UseInterceptors(ScimJsonInterceptor),
    ApiExcludeController(), // described by /Schemas, not by OpenAPI
  );
